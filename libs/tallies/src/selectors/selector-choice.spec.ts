import { describe, expect, it } from '@jest/globals';
import { PERIOD_DAYS } from '#contracts';
import { defaultPolicy } from '#policy';
import { chooseSelectors, livedInWindow, selectorsDigest, windowDays, type SelectorHead } from './selector-choice.js';

const policy = defaultPolicy({ domain: 'p.example', audience: 'https://p.example' }); // 30 epochs of a day
const day = 691 * PERIOD_DAYS + 10;
const head = (uri: string, period: number, id: number, expiryDay = day + 40): SelectorHead => ({
  uri,
  selectorId: id.toString(16).padStart(2, '0').repeat(16),
  keyEpoch: 1,
  cohort: 0,
  period,
  expiryDay,
});
const chosen = (...heads: SelectorHead[]) =>
  Object.fromEntries(
    [...chooseSelectors(policy, day, heads)].map(([uri, { selectorId }]) => [uri, parseInt(selectorId.slice(0, 2), 16)]),
  );

describe('choice of selectors', () => {
  it('takes the newest whose period has begun, in any order', () => {
    const heads = [head('a', 690, 1), head('a', 691, 2), head('a', 692, 3), head('b', 689, 4)];
    expect(chosen(...heads)).toEqual({ a: 2, b: 4 });
    expect(chosen(...heads.toReversed())).toEqual({ a: 2, b: 4 });
  });

  it('takes none of two for one period, and the renewed one after them', () => {
    expect(chosen(head('a', 691, 1), head('a', 691, 2))).toEqual({});
    expect(chosen(head('a', 690, 1), head('a', 691, 2), head('a', 691, 3), head('b', 691, 4))).toEqual({ b: 4 });
    expect(chosen(head('a', 690, 1), head('a', 690, 2), head('a', 691, 3))).toEqual({ a: 3 });
    expect(chosen(head('a', 691, 3), head('a', 690, 1), head('a', 690, 2))).toEqual({ a: 3 });
  });

  it('leaves out a pseudonym that ended before the window', () => {
    expect(windowDays(policy)).toBe(30);
    expect(windowDays({ ...policy, epochSeconds: 2 })).toBe(1);
    expect([
      livedInWindow(policy, day, head('a', 1, 1, day - 29)),
      livedInWindow(policy, day, head('a', 1, 1, day - 30)),
    ]).toEqual([true, false]);
    expect(chosen(head('a', 688, 1, day - 30), head('b', 688, 2, day - 29))).toEqual({ b: 2 });
  });

  it('has one digest for a set of selectors', () => {
    const heads = [head('a', 1, 3), head('b', 1, 1), head('c', 1, 2)];
    expect(selectorsDigest(heads)).toEqual(selectorsDigest(heads.toReversed()));
    expect(selectorsDigest(heads)).not.toEqual(selectorsDigest(heads.slice(1)));
  });

  it('has a digest for as many selectors as there are', () => {
    const many = new Array<SelectorHead>(150_000).fill(head('a', 1, 1)); // more than a call takes arguments
    expect(selectorsDigest(many)).toHaveLength(32);
  });
});
