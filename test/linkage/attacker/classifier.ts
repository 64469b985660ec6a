/**
 * The trained attacker: stochastic gradient boosting of small trees with logistic loss (Friedman 2002), true and false pairs of equal
 * weight in all. Depth 3, so that it finds what only shows in three columns together. Our own, so that nothing but Node is needed.
 * The constants were tried on weak made-up leaks (measure.spec.ts) and on nothing that the service made.
 */
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { binned } from './bins.js';
import type { Features, Pairs } from './samples.js';
import { growTree } from './tree.js';

/** Globals are slow to look up inside Jest, and this is asked a million times. */
const { exp } = Math;
const ROUNDS = 40;
const RATE = 0.1;
/** Each tree sees so many of the rows. */
const SAMPLE = 0.5;
/** Penalty and least leaf in shares of the learning rows: small data sets get no finer trees than large ones. */
const LAMBDA_SHARE = 0.02;
const LEAF_SHARE = 0.005;

export interface Trained {
  /** Higher: more likely one account. One per row of the data set, learnt from or not. */
  readonly scores: Float64Array;
  /** What each feature took off the loss. */
  readonly gains: ReadonlyMap<string, number>;
}

/** @param rows those that may be learnt from; labels of others are never looked at */
export function train(
  features: Features,
  { same, weight }: Pick<Pairs, 'same' | 'weight'>,
  rows: Int32Array,
  random: SeededRandom,
): Trained {
  const names = [...features.keys()];
  const columns = names.map((name) => binned(features.get(name)!, same, rows));
  const gains = new Map(names.map((name) => [name, 0]));
  const scores = new Float64Array(same.length);
  const [gradient, hessian] = [new Float64Array(same.length), new Float64Array(same.length)];
  const totals: [number, number] = [0, 0];
  for (const row of rows) totals[same[row]! as 0 | 1] += weight[row]!;
  const share = totals.map((total) => rows.length / 2 / total) as [number, number];
  const options = { depth: 3, lambda: LAMBDA_SHARE * rows.length, minRows: Math.max(5, Math.round(LEAF_SHARE * rows.length)) };
  for (let round = 0; round < ROUNDS; round++) {
    const seen = rows.filter(() => random.chance(SAMPLE));
    for (const row of seen) {
      const label = same[row]! as 0 | 1;
      const probability = 1 / (1 + exp(-scores[row]!));
      const counts = share[label] * weight[row]!;
      gradient[row] = counts * (probability - label);
      hessian[row] = counts * probability * (1 - probability);
    }
    const tree = growTree(columns, seen, gradient, hessian, options);
    for (let row = 0; row < scores.length; row++) scores[row]! += RATE * tree.scoreOf(row);
    for (const { column, gain } of tree.gains) gains.set(names[column]!, gains.get(names[column]!)! + gain);
  }
  return { scores, gains };
}
