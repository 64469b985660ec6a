/** How many standings an undo lifts, no finer than a release batch: fewer are not counted out. Pure. */
export interface CountAbove {
  /** Left out when it is fewer. */
  readonly count?: number;
  readonly fewerThan?: number;
}

export const countAbove = (count: number, least: number): CountAbove => (count >= least ? { count } : { fewerThan: least });
