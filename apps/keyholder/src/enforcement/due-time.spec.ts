import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Prf } from '../keys/prf.js';
import { dueAtMs } from './due-time.js';
import type { Revocation } from './due-time.js';

const key = new Prf(new Uint8Array(32).fill(7));
const production = { tickSeconds: 3_600, meanTicks: 48, limitTicks: 168 };
const ids = Array.from({ length: 4_000 }, (_, i) => new Uint8Array(createHash('sha256').update(`${i}`).digest().subarray(0, 16)));

/** Ticks after a force time of 0. */
const ticksOf = (id: Uint8Array, revocation: Revocation) => dueAtMs(key, id, 1, 0, revocation) / (revocation.tickSeconds * 1_000);

describe('due time of a revocation', () => {
  it('is the same after a restart and differs by selector, force number and key', () => {
    const [first, second] = ids;
    const due = dueAtMs(key, first!, 3, 1_000_000, production);
    expect(dueAtMs(key, first!, 3, 1_000_000, production)).toBe(due);
    const others = [dueAtMs(key, second!, 3, 1_000_000, production), dueAtMs(key, first!, 4, 1_000_000, production)];
    expect(
      others.every((other) => other !== due) && dueAtMs(new Prf(new Uint8Array(32)), first!, 3, 1_000_000, production) !== due,
    ).toBe(true);
  });

  it('lies on whole ticks, never before the force time and never over the limit', () => {
    for (const id of ids) {
      const ticks = ticksOf(id, production);
      expect(Number.isInteger(ticks) && ticks >= 0 && ticks <= 168).toBe(true);
    }
  });

  it('is geometric with the mean of the policy', () => {
    const unlimited = { ...production, limitTicks: 1e9 };
    const draws = ids.map((id) => ticksOf(id, unlimited));
    const mean = draws.reduce((sum, ticks) => sum + ticks, 0) / draws.length;
    // standard error = 48.5 / √4000 = 0.77; the ids are fixed, so this either holds or not
    expect(Math.abs(mean - 48)).toBeLessThan(2.5);
    const first = draws.filter((ticks) => ticks < 34).length / draws.length;
    expect(Math.abs(first - (1 - (48 / 49) ** 34))).toBeLessThan(0.03);
  });

  it('is redrawn over the limit instead of piling up on it', () => {
    const tight = { tickSeconds: 1, meanTicks: 5, limitTicks: 5 };
    const counts = [0, 0, 0, 0, 0, 0];
    for (const id of ids) counts[ticksOf(id, tight)]!++;
    expect(counts.every((count, ticks) => ticks === 0 || count < counts[ticks - 1]! * 1.15)).toBe(true);
  });
});
