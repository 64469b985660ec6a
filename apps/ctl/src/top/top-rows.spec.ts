import { describe, expect, it } from '@jest/globals';
import { topHead, topRows } from './top-rows.js';

const row = (hub: string, epoch: number | undefined, state: string, count: number) => ({ hub, epoch, state, count });

describe('ctl top', () => {
  it('has a row per hub and epoch, the open one first', () => {
    const rows = topRows(
      [row('b', 1, 'counted', 3), row('a', 2, 'counted', 1), row('a', undefined, 'received', 5), row('a', 1, 'held', 2)],
      [],
      () => '',
    );
    expect(rows.map(([epoch, hub]) => [epoch, hub])).toEqual([
      ['open', 'a'],
      [2, 'a'],
      [1, 'a'],
      [1, 'b'],
    ]);
  });

  it('adds up what counts or will count as accepted', () => {
    const states = ['received', 'counted', 'applied', 'held', 'rejected', 'retracted', 'ignored'];
    const [only] = topRows(
      states.map((state, index) => row('a', 1, state, 10 ** index)),
      [{ hub: 'a', epoch: 1, count: 7 }],
      (hub, epoch) => `of ${hub} in ${epoch}`,
    );
    expect(Object.fromEntries(topHead.map((name, index) => [name, only?.[index]]))).toEqual({
      epoch: 1,
      hub: 'a',
      accepted: 111,
      held: 1_000,
      rejected: 10_000,
      retracted: 100_000,
      ignored: 1_000_000,
      suspended: 7,
      note: 'of a in 1',
    });
  });
});
