/**
 * How sure an advantage is: accounts are drawn again with replacement, and a pair counts as often as both its accounts were drawn, so
 * pairs that share an account are not taken for independent. Percentile intervals. The seed is given by the caller, who prints it.
 */
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import type { Pairs } from './samples.js';

/** Enough that the 0.05 % quantile stands on five draws. */
const DRAWS = 10_000;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Estimate {
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
  readonly advantage: number;
  readonly within95: Interval;
  readonly within999: Interval;
  /** Half the width of the 95 % interval. */
  readonly halfWidth: number;
}

export function estimate(pairs: Pairs, linked: Uint8Array, random: SeededRandom): Estimate {
  const called = split(pairs, linked);
  const weights = new Uint8Array(pairs.accounts).fill(1);
  const { truePositiveRate, falsePositiveRate } = ratesOf(called, weights);
  const drawn = Float64Array.from({ length: DRAWS }, () => {
    redraw(weights, random);
    const rates = ratesOf(called, weights);
    return rates.truePositiveRate - rates.falsePositiveRate;
  }).sort();
  const at = (share: number) => drawn[Math.min(DRAWS - 1, Math.floor(share * DRAWS))]!;
  const within95 = { low: at(0.025), high: at(0.975) };
  return {
    truePositiveRate,
    falsePositiveRate,
    advantage: truePositiveRate - falsePositiveRate,
    within95,
    within999: { low: at(0.0005), high: at(0.9995) },
    halfWidth: (within95.high - within95.low) / 2,
  };
}

interface Called {
  /** Accounts of true pairs, [not called, called]. */
  readonly same: readonly [Int32Array, Int32Array];
  /** Account after account of false pairs, [not called, called]. */
  readonly different: readonly [Int32Array, Int32Array];
}

function split({ left, right, same }: Pairs, linked: Uint8Array): Called {
  const out: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let row = 0; row < same.length; row++) {
    if (same[row] === 1) out[linked[row]!]!.push(left[row]!);
    else out[2 + linked[row]!]!.push(left[row]!, right[row]!);
  }
  const [a, b, c, d] = out.map((accounts) => Int32Array.from(accounts)) as [Int32Array, Int32Array, Int32Array, Int32Array];
  return { same: [a, b], different: [c, d] };
}

function ratesOf({ same, different }: Called, weights: Uint8Array) {
  const [missed, hit] = [weightOfAccounts(same[0], weights), weightOfAccounts(same[1], weights)];
  const [right, wrong] = [weightOfPairs(different[0], weights), weightOfPairs(different[1], weights)];
  return { truePositiveRate: hit / (hit + missed), falsePositiveRate: wrong / (wrong + right) };
}

function weightOfAccounts(accounts: Int32Array, weights: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < accounts.length; i++) total += weights[accounts[i]!]!;
  return total;
}

function weightOfPairs(accounts: Int32Array, weights: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < accounts.length; i += 2) total += weights[accounts[i]!]! * weights[accounts[i + 1]!]!;
  return total;
}

function redraw(weights: Uint8Array, random: SeededRandom): void {
  weights.fill(0);
  for (let i = 0; i < weights.length; i++) weights[(random.unit() * weights.length) | 0]!++;
}
