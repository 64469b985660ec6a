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

/** @param scores one per operator. @returns Σ min(clip, s_o) without the f largest. In one pass: a decision asks it of every account. */
export function trimmedScore(scores: ArrayLike<number>, { f, clip }: TrimmedSum): number {
  /** The f largest so far, ascending. */
  const largest = new Array<number>(f).fill(0);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = Math.min(clip, scores[i] as number);
    sum += score;
    let place = 0;
    for (; place < f && score > (largest[place] as number); place++) if (place > 0) largest[place - 1] = largest[place] as number;
    if (place > 0) largest[place - 1] = score;
  }
  for (let i = 0; i < f; i++) sum -= largest[i] as number;
  return sum;
}

export const crosses = (scores: ArrayLike<number>, trim: TrimmedSum): boolean => trimmedScore(scores, trim) >= trim.threshold;

/** Do signals of more than f operators back a blind suspension (protocol.md §7)? Any score above nothing counts, however small. */
export function isBacked(scores: ArrayLike<number>, { f }: TrimmedSum): boolean {
  let operators = 0;
  for (let i = 0; i < scores.length; i++) operators += Number((scores[i] as number) > 0);
  return operators > f;
}
