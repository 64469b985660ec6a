import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#contracts';
import type { Clock } from './clock.js';
import { FixedClock, SystemClock, clockOffsetDays } from './clock.js';

describe('clock', () => {
  it('counts days from 1970-01-01 in UTC', () => {
    expect(new FixedClock('1970-01-01T23:59:59.999Z').today()).toBe(0);
    expect(new FixedClock('1970-01-02T00:00:00.000Z').today()).toBe(1);
    expect(new FixedClock('2026-11-23T12:00:00Z').today()).toBe(20_780);
  });

  it('stands still until it is moved', () => {
    const clock: Clock & FixedClock = new FixedClock('2026-01-01T00:00:00Z');
    const before = clock.today();
    clock.advanceMs(DAY_MS - 1);
    expect(clock.today()).toBe(before);
    clock.advanceMs(1);
    clock.advanceDays(2);
    expect(clock.today()).toBe(before + 3);
  });

  it('moves the machine clock by whole days', () => {
    const apart = new SystemClock(30).now().getTime() - new SystemClock().now().getTime();
    expect(Math.abs(apart - 30 * DAY_MS)).toBeLessThan(1_000);
  });

  it('does not hand out its own date object', () => {
    const clock = new FixedClock('2026-01-01T00:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().getUTCFullYear()).toBe(2026);
    expect(() => new FixedClock('no date')).toThrow(RangeError);
  });

  it('refuses a moved calendar in production', () => {
    expect(clockOffsetDays.refuseInProduction?.(1)).toBe('must be 0');
    expect(clockOffsetDays.refuseInProduction?.(0)).toBeUndefined();
  });
});
