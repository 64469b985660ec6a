import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { shuffled, WritePool } from './write-pool.js';

/** A pool whose flushes end when the test says so. */
function heldPool(maxSize: number, maxDelayMs = 50) {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const pool = new WritePool<number, string>({
    maxSize,
    maxDelayMs,
    flush: (items) => {
      batches.push([...items]);
      return new Promise((resolve) => ends.push(() => resolve(items.map((item) => `r${item}`))));
    },
  });
  return { pool, batches, end: () => ends.shift()?.() };
}
const turn = () => jest.advanceTimersByTimeAsync(0);
const sorted = (items: readonly number[] = []) => [...items].sort((a, b) => a - b);

describe('WritePool', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('writes items of concurrent callers as one batch and gives each its own result', async () => {
    const { pool, batches, end } = heldPool(10);
    const results = Promise.all([1, 2, 3, 4].map((item) => pool.add(item)));
    await jest.advanceTimersByTimeAsync(49);
    expect(batches).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(batches.map(sorted)).toEqual([[1, 2, 3, 4]]);
    end();
    expect(await results).toEqual(['r1', 'r2', 'r3', 'r4']);
  });

  it('writes a full batch at once', async () => {
    const { pool, batches, end } = heldPool(3);
    const results = Promise.all([1, 2, 3].map((item) => pool.add(item)));
    expect(batches.map(sorted)).toEqual([[1, 2, 3]]);
    end();
    expect(await results).toEqual(['r1', 'r2', 'r3']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('writes one batch at a time and never more than a full one', async () => {
    const { pool, batches, end } = heldPool(2);
    const all = Promise.all([1, 2, 3, 4, 5].map((item) => pool.add(item)));
    await jest.advanceTimersByTimeAsync(500);
    expect(batches).toHaveLength(1);
    end();
    await turn();
    expect(batches).toHaveLength(2);
    end();
    await jest.advanceTimersByTimeAsync(50);
    expect(batches.map(sorted)).toEqual([[1, 2], [3, 4], [5]]);
    end();
    expect(await all).toHaveLength(5);
  });

  it('gives items that come during a write their own delay', async () => {
    const { pool, batches, end } = heldPool(2);
    const first = [pool.add(1), pool.add(2)];
    const later = pool.add(3);
    end();
    await Promise.all(first);
    await jest.advanceTimersByTimeAsync(49);
    expect(batches).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(batches).toHaveLength(2);
    end();
    expect(await later).toBe('r3');
  });

  it('rejects every caller of a failed batch and goes on with the next', async () => {
    let fail = true;
    const pool = new WritePool<number, number>({
      maxSize: 2,
      maxDelayMs: 1,
      flush: async (items) => {
        if (fail) throw new Error('disk full');
        return items;
      },
    });
    const outcomes = await Promise.allSettled([pool.add(1), pool.add(2)]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message)).toEqual([
      'disk full',
      'disk full',
    ]);
    fail = false;
    expect(await Promise.all([pool.add(3), pool.add(4)])).toEqual([3, 4]);
  });

  it('rejects when a flush gives another number of results', async () => {
    const pool = new WritePool<number, number>({ maxSize: 2, maxDelayMs: 1, flush: async () => [1] });
    const outcomes = await Promise.allSettled([pool.add(1), pool.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('drains what waits without delay, also behind a write under way', async () => {
    const { pool, batches, end } = heldPool(2, 10_000);
    const all = [1, 2, 3].map((item) => pool.add(item));
    const drained = pool.drain();
    end();
    await turn();
    end();
    await drained;
    expect(batches.map(sorted)).toEqual([[1, 2], [3]]);
    expect(await Promise.all(all)).toEqual(['r1', 'r2', 'r3']);
    await pool.drain();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('writes a batch in an order that is not the order of arrival', () => {
    // each of the 6 orders of 3 items comes up in 600 draws but with probability below 10^-40
    const orders = new Set(Array.from({ length: 600 }, () => shuffled([1, 2, 3]).join('')));
    expect(orders.size).toBe(6);
    const { pool, batches } = heldPool(64);
    const items = Array.from({ length: 64 }, (_, i) => i);
    for (const item of items) void pool.add(item);
    expect(sorted(batches[0])).toEqual(items);
    expect(batches[0]).not.toEqual(items); // equal with probability 1/64!
  });

  it('refuses sizes that could never write', () => {
    expect(() => heldPool(0)).toThrow(RangeError);
    expect(() => heldPool(1, Number.NaN)).toThrow(RangeError);
  });
});
