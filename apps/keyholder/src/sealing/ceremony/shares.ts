/**
 * The unseal key as shares (Shamir, `shamir-secret-sharing`): made once for all people of a ceremony, each share proven before anybody
 * relies on it. The unseal key itself lives for the length of one call.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { bytesOf, toBase64Url } from '#contracts';
import { shareCommitment } from '#platform';
import { Barrier, WRAPPED_BYTES } from '../barrier.js';
import type { SharedCeremony } from './seal-record.js';

const unsealKeyBytes = 32;

export const newCeremonyId = (): string => toBase64Url(randomBytes(16));
export const newUnsealKey = (): Uint8Array => new Uint8Array(randomBytes(unsealKeyBytes));

/** @returns the record, and the shares in the order of their index from 1; overwrite them after use. */
export async function shareOut(
  barrier: Barrier,
  threshold: number,
  people: number,
): Promise<{ record: SharedCeremony; shares: Uint8Array[] }> {
  const unsealKey = newUnsealKey();
  try {
    const ceremony = newCeremonyId();
    const shares = await split(unsealKey, people, threshold);
    const commitments = shares.map((share, i) => toBase64Url(shareCommitment(ceremony, i + 1, share)));
    const record = { ceremony, threshold, commitments, wrapped: toBase64Url(barrier.wrappedUnder(unsealKey, ceremony)) };
    await proveAll(record, shares);
    return { record, shares };
  } finally {
    unsealKey.fill(0);
  }
}

/** Is this the share that the ceremony gave to this place? */
export function isShareOf({ ceremony, commitments }: SharedCeremony, index: number, share: Uint8Array): boolean {
  const known = commitments[index - 1];
  return known !== undefined && timingSafeEqual(bytesOf(32).parse(known), shareCommitment(ceremony, index, share));
}

/** @param shares as many as the threshold, each proven by its commitment. @throws BarrierRefused when the record is damaged */
export async function openWith({ ceremony, wrapped }: SharedCeremony, shares: readonly Uint8Array[]): Promise<Barrier> {
  const unsealKey = await combine([...shares]);
  try {
    return Barrier.unwrap(unsealKey, ceremony, bytesOf(WRAPPED_BYTES).parse(wrapped));
  } finally {
    unsealKey.fill(0);
  }
}

/** Every share opens the barrier together with those after it, so none is wrong. @param shares all, in the order of their index */
export async function proveAll(record: SharedCeremony, shares: readonly Uint8Array[]): Promise<void> {
  const around = [...shares, ...shares];
  for (let first = 0; first < shares.length; first++) await openWith(record, around.slice(first, first + record.threshold));
}
