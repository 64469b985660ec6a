/** The round trip that the key holder makes before it opens for use: fresh selectors, a fold as heavy as the policy allows, opening it. */
import { largestWeight, packTerms, SealFold, type SealSession } from '#he';
import type { SealSecret } from './seal-secret.js';
import type { SelfTestResult } from './secret-scheme.js';

const fewestSelectors = 8;

/** Weight and number of distinct slots that reach `squareSum`, as few selectors as weights allow. */
function load(squareSum: number, heaviest: number, slots: number): { weight: number; count: number } {
  const count = Math.min(slots, Math.max(fewestSelectors, Math.ceil(squareSum / heaviest ** 2)));
  return { count, weight: Math.min(heaviest, Math.max(1, Math.ceil(Math.sqrt(squareSum / count)))) };
}

export function selfTest(session: SealSession, secret: SealSecret, squareSum: number): SelfTestResult {
  const { set } = session;
  const { count, weight } = load(squareSum, largestWeight(set), set.slots);
  const marked = Array.from({ length: count }, (_, i) => Math.floor((i * set.slots) / count));
  const bytes = sumOf(session, secret, marked, weight);
  const opened = secret.openSum(bytes, { weightSum: count * weight, squareSum: count * weight ** 2, maxSlot: weight });
  if (opened === 'noise' || !secret.aboveFloor(bytes)) return 'below-floor';
  if (typeof opened === 'string') return 'wrong-sum';
  return marked.every((slot) => opened[slot] === weight) ? 'passed' : 'wrong-sum';
}

function sumOf(session: SealSession, secret: SealSecret, slots: number[], weight: number): Uint8Array {
  const selectors = Buffer.concat(slots.map((slot) => secret.encrypt(slot)));
  const fold = new SealFold(session, 1);
  try {
    fold.add(selectors, packTerms(session.set, { selectors, terms: slots.map(() => [{ hub: 0, weight }]) }));
    return fold.finish().get(0) as Uint8Array;
  } finally {
    fold.free();
  }
}
