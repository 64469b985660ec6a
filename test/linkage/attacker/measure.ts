/** One attack, measured: trained and judged out of fold, with its intervals, as one line for a reader. */
import { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { judgeOutOfFold } from './advantage.js';
import { estimate } from './bootstrap.js';
import type { Estimate, Interval } from './bootstrap.js';
import type { Features, Pairs } from './samples.js';

export interface Measured extends Estimate {
  readonly truePairs: number;
  readonly falsePairs: number;
  readonly useful: ReadonlyArray<readonly [string, number]>;
}

export function measure(pairs: Pairs, features: Features, seed: number): Measured {
  const random = new SeededRandom(seed);
  const { linked, useful } = judgeOutOfFold(pairs, features, random);
  const truePairs = pairs.same.reduce((total, one) => total + one, 0);
  return {
    ...estimate(pairs, linked, random),
    truePairs,
    falsePairs: pairs.same.length - truePairs,
    useful,
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const span = ({ low, high }: Interval) => `[${low.toFixed(4)}, ${high.toFixed(4)}]`;

export function line(name: string, measured: Measured): string {
  const best = measured.useful.slice(0, 4).map(([feature, share]) => `${feature} ${percent(share)}`);
  return (
    `${name} = ${measured.advantage.toFixed(4)}  95 % ${span(measured.within95)} (± ${measured.halfWidth.toFixed(4)})  ` +
    `99.9 % ${span(measured.within999)}  TPR ${measured.truePositiveRate.toFixed(3)} of ${measured.truePairs}  ` +
    `FPR ${measured.falsePositiveRate.toFixed(3)} of ${measured.falsePairs}  leans on ${best.join(', ')}`
  );
}
