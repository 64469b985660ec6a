/** When a stream whose endpoint failed is tried again: growing waits, spread so that streams do not come together. Pure. */
const FIRST_MS = 1_000;
const LONGEST_MS = 900_000;
/** A receiver may ask for more, within a day. */
const LONGEST_ASKED_MS = 86_400_000;

/** @param failures in a row, from 1. @param chance from 0 to 1. @param askedMs of Retry-After */
export function waitAfter(failures: number, chance: number, askedMs = 0): number {
  const grown = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.max(grown * (0.5 + chance / 2), Math.min(askedMs, LONGEST_ASKED_MS));
}
