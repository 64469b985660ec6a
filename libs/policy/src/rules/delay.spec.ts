import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { delayChances, delayTicks } from './delay.js';

const production = { tickSeconds: 3_600, meanTicks: 48, limitTicks: 168 };
/** Even numbers that are always the same. */
const even = (name: number) => (draw: number) =>
  (Number(createHash('sha256').update(`${name}/${draw}`).digest().readBigUInt64BE() >> 11n) + 0.5) / 2 ** 53;

describe('the delay of an end', () => {
  it('comes as often as its chances say', () => {
    const chances = delayChances(production);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 10);
    const draws = Array.from({ length: 20_000 }, (_, name) => delayTicks(even(name), production));
    for (const [from, to] of [
      [0, 12],
      [12, 48],
      [48, 100],
      [100, 169],
    ] as const) {
      const share = draws.filter((ticks) => ticks >= from && ticks < to).length / draws.length;
      const expected = chances.subarray(from, to).reduce((sum, chance) => sum + chance, 0);
      expect(Math.abs(share - expected)).toBeLessThan(0.015); // four standard errors; the draws are fixed
    }
  });

  it('is drawn again over the limit, and never over it', () => {
    const asked: number[] = [];
    const draws = [1e-9, 1e-9, 0.99];
    const ticks = delayTicks((draw) => (asked.push(draw), draws[draw]!), production);
    expect([ticks, asked]).toEqual([0, [0, 1, 2]]);
    expect(delayTicks(() => 1e-9, { ...production, limitTicks: 3, meanTicks: 3 })).toBe(3);
  });
});
