/** A key holder's secret side and the evaluation side of one set, as every test here needs them. */
import { openScheme, type EvaluationScheme, type FoldTerm, type ParameterSetName, type SchemeOptions } from '#he';
import { createSecretScheme, type SecretScheme, type TallyBound } from '../../apps/keyholder/src/secret-key/index.js';

export interface Pair {
  readonly secret: SecretScheme;
  readonly scheme: EvaluationScheme;
  close(): Promise<void>;
}

export async function openPair(setName: ParameterSetName, options: SchemeOptions = { threads: 1 }): Promise<Pair> {
  const [secret, scheme] = await Promise.all([createSecretScheme(setName), openScheme(setName, options)]);
  return { secret, scheme, close: async () => void (await Promise.all([secret.close(), scheme.close()])) };
}

export interface Entry {
  readonly selector: Uint8Array;
  readonly terms: readonly FoldTerm[];
}

/** Folds the entries in batches of the given size. */
export async function foldAll(
  scheme: EvaluationScheme,
  entries: readonly Entry[],
  batch = 100,
): Promise<Map<number, Uint8Array>> {
  const fold = await scheme.openFold();
  for (let at = 0; at < entries.length; at += batch) {
    const part = entries.slice(at, at + batch);
    await fold.add({ selectors: Buffer.concat(part.map((entry) => entry.selector)), terms: part.map((entry) => entry.terms) });
  }
  return fold.finish();
}

/** The honest bound of a sum of selectors with these totals. */
export const boundOf = (totals: readonly number[], maxSlot: number): TallyBound => ({
  weightSum: totals.reduce((sum, total) => sum + total, 0),
  squareSum: totals.reduce((sum, total) => sum + total ** 2, 0),
  maxSlot,
});
