import { describe, expect, it } from '@jest/globals';
import { RetryPause } from './retry-pause.js';

describe('pause between tries', () => {
  it('doubles for each key by itself, up to five minutes, and ends with success', () => {
    let now = 0;
    const pause = new RetryPause(() => now);
    expect(pause.isOver('a')).toBe(true);
    expect(pause.begin('a')).toBe(true);
    expect([pause.isOver('a'), pause.isOver('b')]).toEqual([false, true]);
    now = 500;
    expect(pause.isOver('a')).toBe(true);
    expect(pause.begin('a')).toBe(false);
    now += 999;
    expect(pause.isOver('a')).toBe(false);
    for (let i = 0; i < 20; i++) pause.begin('a');
    now += 5 * 60_000;
    expect(pause.isOver('a')).toBe(true);
    pause.end('a');
    expect(pause.begin('a')).toBe(true);
  });
});
