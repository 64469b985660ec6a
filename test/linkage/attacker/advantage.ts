/**
 * Advantage = share of true pairs called true − share of false pairs called true. Each fold is judged by an attacker that has learnt
 * from three of the others and set its threshold on the fourth: nothing of the judged accounts has been seen. Pure.
 */
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { train } from './classifier.js';
import { FOLDS, rowsOf } from './samples.js';
import type { Features, Pairs } from './samples.js';

export interface Verdicts {
  /** 1: called one account. */
  readonly linked: Uint8Array;
  /** Features by what they took off the loss, most useful first, in shares of the whole. */
  readonly useful: ReadonlyArray<readonly [string, number]>;
}

export function judgeOutOfFold(pairs: Pairs, features: Features, random: SeededRandom): Verdicts {
  const linked = new Uint8Array(pairs.same.length);
  const gains = new Map<string, number>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = (fold + 1) % FOLDS;
    const trained = train(
      features,
      pairs,
      rowsOf(pairs, (one) => one !== fold && one !== held),
      random,
    );
    const threshold = bestThreshold(
      trained.scores,
      pairs,
      rowsOf(pairs, (one) => one === held),
    );
    for (const row of rowsOf(pairs, (one) => one === fold)) linked[row] = trained.scores[row]! >= threshold ? 1 : 0;
    for (const [name, gain] of trained.gains) gains.set(name, (gains.get(name) ?? 0) + gain);
  }
  const all = [...gains.values()].reduce((total, gain) => total + gain, 0);
  const useful = [...gains].map(([name, gain]) => [name, gain / all] as const).sort((a, b) => b[1] - a[1]);
  return { linked, useful };
}

/** The score from which calling pairs true gives the most advantage on these rows. */
export function bestThreshold(scores: Float64Array, { same, weight }: Pick<Pairs, 'same' | 'weight'>, rows: Int32Array): number {
  const ordered = rows.slice().sort((a, b) => scores[b]! - scores[a]!);
  const totals: [number, number] = [0, 0];
  for (const row of rows) totals[same[row]! as 0 | 1] += weight[row]!;
  let [advantage, best, threshold] = [0, 0, Infinity];
  ordered.forEach((row, i) => {
    advantage += same[row] === 1 ? weight[row]! / totals[1] : -weight[row]! / totals[0];
    const next = ordered[i + 1];
    const lastOfItsScore = next === undefined || scores[next]! < scores[row]!;
    if (lastOfItsScore && advantage > best) [best, threshold] = [advantage, scores[row]!];
  });
  return threshold;
}
