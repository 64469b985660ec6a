/**
 * Trimmed-sum quorum (protocol.md §6): clip every operator's score of an account, leave out the f largest, compare the rest.
 *
 * Theorem: whatever a coalition of at most f operators reports, an account whose score from the others is below the threshold does not
 * cross; so for such accounts "one account" and "two accounts" give identical outputs. Pure. Scores in units × decay.scale; no score
 * leaves the process.
 */
export interface TrimmedSum {
  /** Operators that are left out. */
  readonly f: number;
  /** Most that one operator counts. */
  readonly clip: number;
  readonly threshold: number;
}

/** @param scores one per operator. @returns Σ min(clip, s_o) without the f largest. */
export function trimmedScore(scores: ArrayLike<number>, { f, clip }: TrimmedSum): number {
  const clipped = Float64Array.from(scores, (score) => Math.min(clip, score)).sort();
  let sum = 0;
  for (let i = 0; i < clipped.length - f; i++) sum += clipped[i] as number;
  return sum;
}

export const crosses = (scores: ArrayLike<number>, trim: TrimmedSum): boolean => trimmedScore(scores, trim) >= trim.threshold;

/** Do signals of more than f operators back a blind suspension (protocol.md §7)? Any score above nothing counts, however small. */
export function isBacked(scores: ArrayLike<number>, { f }: TrimmedSum): boolean {
  let operators = 0;
  for (let i = 0; i < scores.length; i++) operators += Number((scores[i] as number) > 0);
  return operators > f;
}
