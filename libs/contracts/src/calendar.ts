/**
 * The calendar everybody shares: days, 30-day periods and the end of a credential (protocol.md §3). Nothing finer than a day
 * is ever stored beside a ticket, a mint or a pseudonym. Pure: the caller brings the time.
 */
export const DAY_MS = 86_400_000;
export const PERIOD_DAYS = 30;
/** A credential ends with a period plus this many whole weeks, drawn evenly; so it lives 35 days at least. */
export const EXPIRY_WEEKS = { least: 5, most: 8 } as const;
/** Fixed life of a ticket. */
export const TICKET_DAYS = 7;

/** Days since 1970-01-01, UTC. */
export const dayOf = (time: Date): number => Math.floor(time.getTime() / DAY_MS);
/** The 30-day period a day lies in, counted from 1970-01-01. */
export const periodOf = (day: number): number => Math.floor(day / PERIOD_DAYS);
/** First day after a period. */
export const endOfPeriod = (period: number): number => (period + 1) * PERIOD_DAYS;
/** The first day on which a credential minted in `period` is no longer valid; `weeks` within EXPIRY_WEEKS. */
export const expiryDay = (period: number, weeks: number): number => endOfPeriod(period) + 7 * weeks;
/** Renewal opens in the last third of a period: days 20 to 29. */
export const renewalIsOpen = (day: number): boolean => day % PERIOD_DAYS >= (PERIOD_DAYS * 2) / 3;
/** `YYYY-MM-DD` of a day, UTC. */
export const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** RFC 3339 to the second, UTC, as what people sign has it. */
export const isoSecond = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
/** `YYYY-MM` of a day, UTC: as much as a standing ever tells. */
export const isoMonth = (day: number): string => isoDay(day).slice(0, 7);
