/** From scores to what changes: who crosses, whose blind suspension is backed, and the baselines of the next epoch. Pure. */
import { crosses, isBacked, type TrimmedSum } from '../trimmed-sum.js';
import { aboveBaseline, loweredBaseline, notedBaseline, type Baseline } from './baseline.js';
import type { HandleSums } from './handle-sums.js';

export interface EvaluationInput {
  readonly sums: HandleSums;
  readonly trim: TrimmedSum;
  /** Handle → its baseline; 'pending' = reinstated since the last decision, to be noted now. */
  readonly baselines: ReadonlyMap<string, Baseline | 'pending'>;
  /** Handles with a blind suspension that nothing backs yet. */
  readonly blind: ReadonlySet<string>;
}

export interface Evaluation {
  readonly crossed: readonly string[];
  readonly backed: readonly string[];
  readonly baselines: ReadonlyMap<string, Baseline>;
}

/** What counts of each account: above its baseline where it has one. Views into the sums: valid until the next. */
export function* countedScores({
  sums,
  baselines,
}: Pick<EvaluationInput, 'sums' | 'baselines'>): Generator<[handle: string, counted: Uint32Array]> {
  const { operators } = sums;
  for (const [handle, scores] of sums.entries()) {
    const baseline = baselines.get(handle);
    if (baseline === 'pending') continue; // what was there at reinstatement is what it starts from
    yield [handle, baseline ? aboveBaseline(baseline, operators, scores) : scores];
  }
}

/** Handles as latin1 text, in no order that matters. */
export function evaluate({ sums, trim, baselines, blind }: EvaluationInput): Evaluation {
  const { operators } = sums;
  const crossed: string[] = [];
  const backed: string[] = [];
  for (const [handle, counted] of countedScores({ sums, baselines })) {
    if (crosses(counted, trim)) crossed.push(handle);
    else if (blind.has(handle) && isBacked(counted, trim)) backed.push(handle);
  }
  const next = new Map<string, Baseline>();
  for (const [handle, baseline] of baselines) {
    const scores = sums.of(handle);
    next.set(handle, baseline === 'pending' ? notedBaseline(operators, scores) : loweredBaseline(baseline, operators, scores));
  }
  return { crossed, backed, baselines: next };
}
