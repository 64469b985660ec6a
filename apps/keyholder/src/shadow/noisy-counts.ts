/**
 * What a report about a shadow policy tells: how many accounts would cross at each step of its threshold. One account changes each of the
 * counts by one at most, so each gets noise of its share of ε and the report as a whole spends ε. Small counts are left out after the noise,
 * from the noisy number alone: leaving out by the true number would tell it. Pure but for the draws.
 */
import { leastShadowCount, shadowSteps } from '#contracts';
import { trimmedScore, type TrimmedSum } from '../decisions/trimmed-sum.js';
import { geometricNoise, type Draw } from './geometric-noise.js';

/** Accounts at or above each step of the threshold. @param scores of one account each, one number per operator */
export function crossingCounts(scores: Iterable<ArrayLike<number>>, trim: TrimmedSum): number[] {
  const counts = shadowSteps.map(() => 0);
  for (const one of scores) {
    const score = trimmedScore(one, trim);
    shadowSteps.forEach((step, i) => (counts[i]! += Number(score >= trim.threshold * step)));
  }
  return counts;
}

/** @param epsilon of the whole report. @returns null for what is below the least count */
export function noisyCounts(counts: readonly number[], epsilon: number, draw: Draw): (number | null)[] {
  return counts.map((count) => {
    const noisy = count + geometricNoise(epsilon / counts.length, draw);
    return noisy >= leastShadowCount ? noisy : null;
  });
}
