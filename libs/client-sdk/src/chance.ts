/** Random names, choices and delays, from the platform's cryptographic source. */
import { randomBytes } from '#tickets';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const HOUR_MS = 3_600_000;
/** Wait before a ticket is redeemed: evenly 0–24 h (protocol.md §3, step 2). */
export const PREFETCH_MS = 24 * HOUR_MS;

/** So many characters of base32 in lower case, five random bits each. */
export const randomName = (length: number): string => [...randomBytes(length)].map((byte) => base32[byte & 31]).join('');

/** A whole number from 0 to limit − 1; for limits far below 2^48, so that the bias of the last place means nothing. */
export function randomBelow(limit: number): number {
  const bytes = randomBytes(6);
  const view = new DataView(bytes.buffer);
  return Math.floor(((view.getUint16(0) * 2 ** 32 + view.getUint32(2)) / 2 ** 48) * limit);
}

/** Milliseconds from now to a first redemption. */
export const firstDelayMs = (): number => randomBelow(PREFETCH_MS);
/** After a refusal: a whole delay passes before the next one is drawn, so that two attempts do not look like a pair. */
export const nextDelayMs = (): number => PREFETCH_MS + randomBelow(PREFETCH_MS);
