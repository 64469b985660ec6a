/**
 * What an attacker is trained and scored on: pairs of things, each true (one account) or not, described by numbers. A pair belongs
 * to the two accounts it was drawn from; a fold is a set of accounts, so no account is both learnt from and judged.
 */
export interface Pairs {
  /** Accounts 0 … accounts − 1. */
  readonly accounts: number;
  /** The fold of each account. */
  readonly foldOf: Uint8Array;
  /** The two accounts of each pair, in one fold; the same one twice where the pair is true. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly same: Uint8Array;
  /**
   * What a pair counts: 1 if true, and the false pairs of one account 1 together. Else accounts of small groups, which have fewer false
   * pairs, would show by the size of their group.
   */
  readonly weight: Float64Array;
}

/** Columns of numbers, one value per pair. NaN: not to be seen. */
export type Features = ReadonlyMap<string, Float64Array>;

export const FOLDS = 5;

/** Rows of a fold, or of all folds a rule takes. */
export function rowsOf(pairs: Pairs, takes: (fold: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < pairs.same.length; row++) if (takes(pairs.foldOf[pairs.left[row]!]!)) rows.push(row);
  return Int32Array.from(rows);
}
