import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultRetry, isTemporary, retryAfterMs, waitMs } from './backoff.js';

const now = new Date('2026-11-23T12:00:00Z');

describe('the wait before another attempt', () => {
  it('grows, is spread at random and bounded', () => {
    expect([1, 2, 3, 20].map((failures) => waitMs(defaultRetry, failures, 0, 0.5))).toEqual([100, 200, 400, 30_000]);
    expect(waitMs(defaultRetry, 1, 0, 0)).toBe(0);
  });

  it('is never shorter than the provider asks for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.nat(60_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, atLeast, random) => waitMs(defaultRetry, failures, atLeast, random) >= atLeast,
      ),
    );
  });

  it.each([
    ['3', 3_000],
    ['Mon, 23 Nov 2026 12:00:07 GMT', 7_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['999999999', 60_000],
    [null, 0],
  ])('reads Retry-After %s as %i ms', (header, ms) => {
    expect(retryAfterMs(header, now, 60_000)).toBe(ms);
  });

  it('is for what may change by itself', () => {
    expect([undefined, 408, 429, 500, 503].every(isTemporary)).toBe(true);
    expect([400, 401, 403, 404, 413, 415].some(isTemporary)).toBe(false);
  });
});
