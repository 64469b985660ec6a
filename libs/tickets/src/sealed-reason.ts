/**
 * Why the key holder refused, readable by the one client that wrapped the ticket: 48 bytes, nonce 12 ‖ (code 1 ‖ zeros 19) + tag 16,
 * AES-256-GCM under the HPKE exporter's key (protocol.md §3). When there is nothing to tell, 48 random bytes look the same.
 */
import { labels, utf8 } from '#contracts';
import { aesOpen, aesSeal, importAesKey, NONCE_LENGTH, randomBytes, TAG_LENGTH } from './webcrypto.js';

/** Order is the code on the wire, from 1. */
export const refusalReasons = [
  'standing',
  'too-many-live',
  'standing-needed',
  'ticket-expired',
  'spent',
  'stale-day-list',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

const TEXT_LENGTH = 20;
export const SEALED_REASON_LENGTH = NONCE_LENGTH + TEXT_LENGTH + TAG_LENGTH;
const additional = utf8(labels.reason);

export async function sealReason(reasonKey: Uint8Array, reason: RefusalReason): Promise<Uint8Array> {
  const text = new Uint8Array(TEXT_LENGTH);
  text[0] = refusalReasons.indexOf(reason) + 1;
  return aesSeal(await importAesKey(reasonKey), text, additional);
}

/** 48 bytes that no key opens. */
export const noReason = (): Uint8Array => randomBytes(SEALED_REASON_LENGTH);

/** Undefined when the bytes are not for this client, hold no known code, or are random. */
export async function openReason(reasonKey: Uint8Array, sealed: Uint8Array): Promise<RefusalReason | undefined> {
  if (sealed.length !== SEALED_REASON_LENGTH) return undefined;
  const text = await aesOpen(await importAesKey(reasonKey), sealed, additional);
  if (!text || text.subarray(1).some((byte) => byte !== 0)) return undefined;
  return refusalReasons[(text[0] ?? 0) - 1];
}
