/**
 * What an act shows of itself before it happens. One on many accounts shows how many, no finer than a release batch; one on a single
 * account has no preview at all, since any number drawn from it would tell about that account. Pure.
 */
export interface CountAbove {
  /** Left out when it is fewer. */
  readonly count?: number;
  readonly fewerThan?: number;
}

export const countAbove = (count: number, least: number): CountAbove => (count >= least ? { count } : { fewerThan: least });
