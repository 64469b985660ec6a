import { describe, expect, it } from '@jest/globals';
import { DAY_MS, endOfPeriod, PERIOD_DAYS } from '#contracts';
import { msUntil, nextDayFor } from './bucket.js';

const day = PERIOD_DAYS * 700 + 4;
const limits = { ticketsPerDay: 5, ticketsPerPeriod: 20 };
const counters = { ticketDay: day, ticketsToday: 5, ticketPeriod: 700, ticketsInPeriod: 5 };

describe('the next day for tickets', () => {
  it('is tomorrow when only today is used up', () => {
    expect(nextDayFor(counters, 1, limits, day)).toBe(day + 1);
  });

  it('is the first of the next period when the period is used up', () => {
    expect(nextDayFor({ ...counters, ticketsInPeriod: 20 }, 1, limits, day)).toBe(endOfPeriod(700));
  });

  it('does not count what was taken in an earlier period', () => {
    expect(nextDayFor({ ...counters, ticketPeriod: 699, ticketsInPeriod: 20 }, 6, limits, day)).toBe(day + 1);
  });

  it('is told in milliseconds until it begins', () => {
    expect(msUntil(day + 1, new Date(day * DAY_MS + 1_000))).toBe(DAY_MS - 1_000);
  });
});
