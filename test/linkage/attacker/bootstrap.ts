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
  const [sameLinked, sameNot] = [rowsWhere(pairs, linked, 1, 1), rowsWhere(pairs, linked, 1, 0)];
  const [otherLinked, otherNot] = [rowsWhere(pairs, linked, 0, 1), rowsWhere(pairs, linked, 0, 0)];
  const drawn = new Float64Array(pairs.accounts).fill(1);
  const rates = () => {
    const [hit, wrong] = [weightOf(sameLinked, drawn), weightOf(otherLinked, drawn)];
    return [hit / (hit + weightOf(sameNot, drawn)), wrong / (wrong + weightOf(otherNot, drawn))] as const;
  };
  const [truePositiveRate, falsePositiveRate] = rates();
  const draws = Float64Array.from({ length: DRAWS }, () => {
    redraw(drawn, random);
    const [hits, wrongs] = rates();
    return hits - wrongs;
  }).sort();
  const at = (share: number) => draws[Math.min(DRAWS - 1, Math.floor(share * DRAWS))]!;
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

interface Rows {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly weight: Float64Array;
}

function rowsWhere({ left, right, same, weight }: Pairs, linked: Uint8Array, isSame: 0 | 1, isLinked: 0 | 1): Rows {
  const rows = [...same.keys()].filter((row) => same[row] === isSame && linked[row] === isLinked);
  return {
    left: Int32Array.from(rows, (row) => left[row]!),
    right: Int32Array.from(rows, (row) => right[row]!),
    weight: Float64Array.from(rows, (row) => weight[row]!),
  };
}

/** A true pair counts as often as its account was drawn, a false one as often as both were. */
function weightOf({ left, right, weight }: Rows, drawn: Float64Array): number {
  let total = 0;
  for (let i = 0; i < left.length; i++) {
    const [one, other] = [left[i]!, right[i]!];
    total += weight[i]! * drawn[one]! * (one === other ? 1 : drawn[other]!);
  }
  return total;
}

function redraw(drawn: Float64Array, random: SeededRandom): void {
  drawn.fill(0);
  for (let i = 0; i < drawn.length; i++) drawn[(random.unit() * drawn.length) | 0]! += 1;
}
