/**
 * Everything a client must not lose, as plain JSON: the app stores it where it stores its other keys. It holds private keys and is
 * the one place where an account's pseudonyms stand together, so it never leaves the device unencrypted.
 */
import { z } from 'zod';
import { dayList } from '#contracts';

const keyPair = { pkcs8: z.string(), spki: z.string() } as const;

const clientEntry = z.strictObject({ clientUri: z.string(), ...keyPair });
export type ClientEntry = z.output<typeof clientEntry>;

/** One attempt per key pair: prepared, later wrapped; gone once it was answered. Times in ms since 1970. */
const attempt = z.strictObject({
  id: z.string(),
  uri: z.string(),
  salt: z.string(),
  client: clientEntry,
  notBefore: z.number(),
  /** Set before the first byte leaves; sent again unchanged after a lost answer. */
  sent: z.strictObject({ wrapped: z.string(), reasonKey: z.string() }).optional(),
});
export type Attempt = z.output<typeof attempt>;

const pseudonym = z.strictObject({
  uri: z.string(),
  /** the pseudonym's first key; it renews */
  client: clientEntry,
  /** X.509 chain, leaf first, DER, base64url */
  certificates: z.array(z.string()),
  expiryDay: z.number(),
  period: z.number(),
  /** a random moment of the renewal window, so that one account's renewals do not come together */
  renewNotBefore: z.number(),
});
export type HeldPseudonym = z.output<typeof pseudonym>;

export const clientState = z.strictObject({
  v: z.literal(1),
  /** PKCS #8, base64url */
  holderKey: z.string().optional(),
  receipt: z.strictObject({ keyHolderId: z.string(), handleCommitment: z.string(), signature: z.string() }).optional(),
  /** the last day list seen: a second one for its day is refused */
  dayList: dayList.optional(),
  /** unused tickets, base64url */
  tickets: z.array(z.string()),
  attempts: z.array(attempt),
  pseudonyms: z.array(pseudonym),
  /** the key holder's word to stop; `resume()` takes it back */
  stopped: z.enum(['standing', 'too-many-live']).optional(),
});
export type ClientState = z.output<typeof clientState>;

export const emptyState = (): ClientState => ({ v: 1, tickets: [], attempts: [], pseudonyms: [] });
