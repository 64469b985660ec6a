/** How long a suspension holds: for good, or whole days from the day it comes in force. The longer of two wins. Pure. */

export interface Term {
  readonly days: number;
  /** First day without it; undefined until it is in force. */
  readonly untilDay?: number;
}

/** In force from today on. */
export const begun = ({ days }: Term, today: number): Term => ({ days, untilDay: today + days });

/** A term and some days more from today. One in force is only ever put off. */
export function longer(term: Term, days: number, today: number): Term {
  const most = Math.max(term.days, days);
  return term.untilDay === undefined ? { days: most } : { days: most, untilDay: Math.max(term.untilDay, today + days) };
}

export const isOver = ({ untilDay }: Term, today: number): boolean => untilDay !== undefined && untilDay <= today;
