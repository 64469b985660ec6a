/** The two counters of an account, as rules: what a limit means, and when to come again. Pure. */
import { DAY_MS, endOfPeriod, periodOf } from '#contracts';

export interface TicketLimits {
  readonly ticketsPerDay: number;
  readonly ticketsPerPeriod: number;
}

export interface Counters {
  readonly ticketDay: number;
  readonly ticketsToday: number;
  readonly ticketPeriod: number;
  readonly ticketsInPeriod: number;
}

/**
 * First day on which `count` more tickets fit, given that they do not fit on `day`. A count over a limit never fits: then it is the
 * day on which that limit starts anew.
 */
export function nextDayFor(counters: Counters, count: number, limits: TicketLimits, day: number): number {
  const period = periodOf(day);
  const inPeriod = counters.ticketPeriod >= period ? counters.ticketsInPeriod : 0;
  return inPeriod + count > limits.ticketsPerPeriod ? endOfPeriod(period) : day + 1;
}

/** Milliseconds until a day begins, UTC. */
export const msUntil = (day: number, now: Date): number => day * DAY_MS - now.getTime();
