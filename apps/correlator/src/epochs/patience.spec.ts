import { describe, expect, it } from '@jest/globals';
import { Patience } from './patience.js';

describe('patience', () => {
  it('waits several times as long as the tally took, and twice as long after every try', () => {
    let now = 0;
    const patience = new Patience(() => now);
    patience.begin('negative', 7, 60_000);
    now = 299_999;
    expect(patience.isLeft('negative', 7)).toBe(true);
    now = 300_000;
    expect(patience.isLeft('negative', 7)).toBe(false);
    patience.begin('negative', 7, 60_000);
    now += 599_999;
    expect(patience.isLeft('negative', 7)).toBe(true);
    now += 1;
    expect(patience.isLeft('negative', 7)).toBe(false);
  });

  it('begins afresh for another epoch, and for one from before a restart', () => {
    let now = 0;
    const patience = new Patience(() => now);
    expect(patience.isLeft('positive', 3)).toBe(true);
    now = 15_000;
    expect(patience.isLeft('positive', 3)).toBe(false);
    patience.begin('positive', 4, 10);
    now += 14_999;
    expect(patience.isLeft('positive', 4)).toBe(true);
    expect(patience.isLeft('negative', 4)).toBe(true);
  });

  it('ends at once for a tree that was refused, also for one from before a restart', () => {
    const patience = new Patience(() => 0);
    patience.begin('negative', 5, 10);
    patience.end('negative', 5);
    patience.end('positive', 5);
    expect([patience.isLeft('negative', 5), patience.isLeft('positive', 5)]).toEqual([false, false]);
  });
});
