/**
 * Day list: the keys of the day, signed by the key holder's root key, the same bytes for everybody (protocol.md §3). A client pins
 * the root key's fingerprint = base64url(SHA-256(root public key)) and refuses a second kid on one day.
 */
import { z } from 'zod';

const key32 = z.string().length(43);
const kid = z.string().length(11); // base64url of 8 bytes

export const dayListBody = z.strictObject({
  v: z.literal(1),
  keyHolderId: z.string().min(1).max(64),
  day: z.int(),
  /** X25519 public key tickets are wrapped to. */
  hpke: z.strictObject({ kid, key: key32 }),
  /** Ed25519 key that signs today's tickets. */
  ticket: z.strictObject({ kid, key: key32 }),
});
export type DayListBody = z.output<typeof dayListBody>;

export const dayList = z.strictObject({
  body: dayListBody,
  /** root public key (base64url, 32 bytes) and its signature over frame(labels.dayList, canonical bytes of body) */
  root: key32,
  signature: z.string().length(86),
});
export type DayList = z.output<typeof dayList>;
