import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#contracts';
import { untilBoundary } from './schedule.js';

describe('schedule', () => {
  it('closes at whole multiples of the epoch length, a day at midnight UTC', () => {
    expect(untilBoundary(10_000, 2)).toBe(2_000);
    expect(untilBoundary(10_001, 2)).toBe(1_999);
    expect(untilBoundary(11_999, 2)).toBe(1);
    expect(untilBoundary(Date.parse('2026-11-02T23:59:59.000Z'), DAY_MS / 1_000)).toBe(1_000);
  });
});
