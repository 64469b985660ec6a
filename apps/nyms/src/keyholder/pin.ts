/** The pinned key holder: its public file, copied by people. What nyms stores must carry its signature. */
import { StartError } from '#platform';
import { FollowedPin } from '#pseudonyms';
import type { PinnedKeyHolder, PinReport } from '#pseudonyms';

/**
 * Bytes of a selector by parameter set. Kept apart from libs/he, which nyms must not reach; test/integration compares the two.
 */
export const selectorBytes: Readonly<Record<string, number>> = {
  'n2048-q50-t20': 16_578,
  'n4096-q60-t20': 32_962,
  'n8192-q60-t20': 65_730,
  'plain-n2048': 16,
};

/** Injection token. */
export const KEYHOLDER_PIN = Symbol('key holder pin');

export type KeyholderPin = Pick<FollowedPin, keyof PinnedKeyHolder | 'rootFingerprint'>;

/** @throws StartError when the file is absent or none */
export function readPin(file: string, report?: (report: PinReport) => void): KeyholderPin {
  try {
    return FollowedPin.open(file, (set) => selectorBytes[set], report);
  } catch {
    throw new StartError(`${file} is no key holder's public file: copy keyholder-public.json from the key holder`);
  }
}
