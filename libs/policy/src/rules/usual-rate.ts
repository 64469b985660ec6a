/**
 * How many SETs of a hub are usual in an epoch, and from how many on somebody should look: what the policy says of the hub, else the median of
 * its last epochs and their median deviation (MAD), which fewer than half of the epochs cannot move however high they go. Never about a
 * pseudonym. Pure.
 */

export interface UsualRate {
  /** SETs an epoch. */
  readonly usual: number;
  /** More than these in one epoch are an alarm. */
  readonly limit: number;
}

/** Epochs it takes for an estimate. */
export const leastHistory = 7;
/** Spreads above what is usual; 1.4826 × MAD is a standard deviation where deviations are normal. */
const spreads = 6;
const madToDeviation = 1.4826;
/** Of a hub that is nearly silent, a few more are no news. */
const leastLimit = 20;

/** @param history SETs in each of its last epochs, zeros included, in any order. @returns undefined while nobody can say */
export function usualRate(history: readonly number[], expectedPerEpoch?: number): UsualRate | undefined {
  if (expectedPerEpoch !== undefined) return rateOf(expectedPerEpoch, 0);
  if (history.length < leastHistory) return undefined;
  const usual = median(history);
  return rateOf(usual, madToDeviation * median(history.map((count) => Math.abs(count - usual))));
}

/** Counts spread by their square root at least, and no hub is so steady that a quarter more is news. */
function rateOf(usual: number, deviation: number): UsualRate {
  const spread = Math.max(deviation, Math.sqrt(usual), usual / 4);
  return { usual, limit: Math.max(leastLimit, Math.ceil(usual + spreads * spread)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
