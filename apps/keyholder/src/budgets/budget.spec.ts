import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Budget } from './budget.js';

const minute = 60_000;

describe('a budget', () => {
  it('gives so much in a span, and again in the next', () => {
    const budget = new Budget(3);
    expect([1, 2, 3, 4].map((at) => budget.take(1, at, minute))).toEqual([true, true, true, false]);
    expect(budget.take(1, minute - 1, minute)).toBe(false);
    expect(budget.take(3, minute, minute)).toBe(true);
  });

  it('gives all that is asked for or nothing', () => {
    const budget = new Budget(5);
    expect([budget.take(4, 0, minute), budget.take(2, 0, minute), budget.take(1, 0, minute)]).toEqual([true, false, true]);
  });

  it('opens no span again when the clock is set back', () => {
    const budget = new Budget(1);
    expect([5, 4, 3].map((at) => budget.take(1, at * minute, minute))).toEqual([true, false, false]);
    expect(budget.take(1, 6 * minute, minute)).toBe(true);
  });

  it('never gives more than it has in any span, whatever is asked for and when', () => {
    const asked = fc.array(fc.tuple(fc.nat(20), fc.nat(10 * minute)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.nat(30), asked, (most, requests) => {
        const budget = new Budget(most);
        const given = new Map<number, number>();
        let newest = 0;
        for (const [amount, at] of requests) {
          newest = Math.max(newest, Math.floor(at / minute));
          if (budget.take(amount, at, minute)) given.set(newest, (given.get(newest) ?? 0) + amount);
        }
        return [...given.values()].every((sum) => sum <= most);
      }),
    );
  });
});
