import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Overdue, withinMs } from './within.js';
import { gather } from './gather.js';

const never = new Promise<string>(() => undefined);
const failing = (reason: string) => Promise.reject<string>(new Error(reason));

describe('gathering cosignatures', () => {
  it('waits for as many as are needed and for no more', async () => {
    expect(await gather([never, Promise.resolve('a'), failing('down'), Promise.resolve('b')], 2)).toEqual(['a', 'b']);
  });

  it('fails as soon as too few are left, though others still wait', async () => {
    await expect(gather([never, failing('one'), failing('two')], 2)).rejects.toThrow('two');
    await expect(gather([Promise.resolve('a')], 2)).rejects.toThrow('fewer');
  });
});

describe('a deadline', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('ends the wait for what hangs, and leaves no timer behind what is done', async () => {
    const outcome = expect(withinMs(2_000, never)).rejects.toThrow(Overdue);
    await jest.advanceTimersByTimeAsync(2_000);
    await outcome;
    expect(await withinMs(2_000, Promise.resolve('done'))).toBe('done');
    expect(jest.getTimerCount()).toBe(0);
  });
});
