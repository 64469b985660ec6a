import { describe, expect, it } from '@jest/globals';
import { backoffMs, retryAfterMs } from './backoff.js';

const rules = { firstMs: 1_000, longestMs: 900_000 };
const now = new Date('2026-05-04T12:00:00Z');
const ofHeaders = (headers: Record<string, string | string[]>) => retryAfterMs(headers, now, 86_400_000);

describe('the wait after failures', () => {
  it('doubles up to the longest, half of it by chance', () => {
    expect([1, 2, 3, 10, 11, 10_000].map((failures) => backoffMs(rules, failures, 1))).toEqual([
      1_000, 2_000, 4_000, 512_000, 900_000, 900_000,
    ]);
    expect([0, 0.5].map((chance) => backoffMs(rules, 1, chance))).toEqual([500, 750]);
  });

  it('is never shorter than the other asks for', () => {
    expect(backoffMs(rules, 1, 0, 7_200_000)).toBe(7_200_000);
    expect(backoffMs(rules, 11, 1, 5_000)).toBe(900_000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Mon, 04 May 2026 12:01:00 GMT', 60_000],
    ['Mon, 04 May 2026 11:00:00 GMT', 0],
    ['soon', 0],
    ['-5x', 0],
    ['', 0],
    ['999999999', 86_400_000],
    ['Fri, 04 May 2040 12:00:00 GMT', 86_400_000],
  ])('%j is %i ms', (text, ms) => expect(ofHeaders({ 'retry-after': text })).toBe(ms));

  it('is nothing where there is none, and the first of several', () => {
    expect(ofHeaders({})).toBe(0);
    expect(ofHeaders({ 'retry-after': ['3', '9'] })).toBe(3_000);
  });

  it('as a date counts from the time of the same answer, whatever our clock says', () => {
    const theirs = { date: 'Wed, 02 Dec 2026 10:00:00 GMT', 'retry-after': 'Wed, 02 Dec 2026 10:01:00 GMT' };
    expect(ofHeaders(theirs)).toBe(60_000);
    expect(ofHeaders({ ...theirs, date: 'noon' })).toBe(86_400_000);
  });
});
