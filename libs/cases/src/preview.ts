/**
 * What an act shows of itself before it happens. One on many accounts shows how many, from ten on and no finer than a release batch, however small
 * that is; one on a single account has no preview at all, since any number drawn from it would tell about that account. Pure.
 */
export interface CountAbove {
  /** Left out when it is fewer. */
  readonly count?: number;
  readonly fewerThan?: number;
}

const leastShown = 10;

/** @param batch of the policy: accounts of a full release batch */
export function countAbove(count: number, batch: number): CountAbove {
  const least = Math.max(leastShown, batch);
  return count >= least ? { count } : { fewerThan: least };
}
