import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, expiryDay } from '#contracts';
import type { SelectorId } from '#contracts';
import type { Selector } from '#pseudonyms';
import { Prf } from '../keys/prf.js';
import { handleHex } from '../minting/standing-check.js';
import { endRefuses, RenewalBatch, renewedId, renewedMark } from './renewal-batch.js';
import type { PlacedRenewal } from './renewal-batch.js';
import { mayRenew, renewedExpiry, startOfPeriod } from './renewal-check.js';

const prf = new Prf(new Uint8Array(32).fill(1));
const sha = (text: string) => createHash('sha256').update(text).digest();
const period = 692;
const now = new Date((startOfPeriod(period) - 5) * DAY_MS);
const selector = (name: string, of = period - 1): Selector => ({
  selectorId: sha(`${name} ${of}`).subarray(0, 16) as Uint8Array as SelectorId,
  keyEpoch: 1,
  cohort: 2,
  period: of,
  expiryDay: expiryDay(of, 6),
  subject: sha(name),
  bytes: new Uint8Array(16),
  signature: new Uint8Array(64),
});
const placed = (name: string, more: Partial<PlacedRenewal> = {}): PlacedRenewal => ({
  selector: selector(name),
  period,
  slot: 7,
  handle: sha('handle').subarray(0, 16),
  end: undefined,
  ...more,
});

describe('the time of a renewal', () => {
  it.each<[string, number, number, number, boolean]>([
    ['the first day of the last third', period * 30 - 10, period, period - 1, true],
    ['the last day of a period', period * 30 - 1, period, period - 1, true],
    ['the day before the last third', period * 30 - 11, period, period - 1, false],
    ['the first day of the period renewed into', period * 30, period, period - 1, false],
    ['a day for the period after the next', period * 30 - 5, period + 1, period - 1, false],
    ['a day for the selector of that very period', period * 30 - 5, period, period, false],
    ['a day for a selector that skipped a period', period * 30 - 5, period, period - 2, true],
  ])('is judged on %s', (_, day, into, of, may) => {
    expect(mayRenew({ period: of, expiryDay: expiryDay(of, 6) }, into, day)).toBe(may);
  });

  it('is over once the selector has expired', () => {
    const day = period * 30 - 5;
    expect([day + 1, day].map((end) => mayRenew({ period: period - 1, expiryDay: end }, period, day))).toEqual([true, false]);
  });

  it('keeps the weeks after the period', () => {
    for (const weeks of [5, 6, 7, 8]) {
      expect(renewedExpiry({ period: period - 2, expiryDay: expiryDay(period - 2, weeks) }, period)).toBe(
        expiryDay(period, weeks),
      );
    }
  });
});

describe('the end of a selector', () => {
  const at = (days: number) => new Date(startOfPeriod(period) * DAY_MS + days * DAY_MS);

  it('refuses a renewal once it has come', () => {
    expect(endRefuses({ at: now, blind: false }, period, now)).toBe(true);
    expect(endRefuses({ at: new Date(now.getTime() + 1), blind: false }, period, now)).toBe(false);
    expect(endRefuses(undefined, period, now)).toBe(false);
  });

  it('of a blind suspension refuses it, too, when it comes before the renewed period', () => {
    expect([0, 1].map((days) => endRefuses({ at: at(days), blind: true }, period, now))).toEqual([true, false]);
    expect(endRefuses({ at: at(0), blind: false }, period, now)).toBe(false);
  });
});

describe('a pool of renewals', () => {
  it('moves the count of each pseudonym once, however often it is asked', () => {
    const batch = new RenewalBatch(prf, new Set(), now);
    const [first, again] = [batch.decide(placed('a')), batch.decide(placed('a'))];
    expect(again).toEqual(first);
    batch.decide(placed('b'));
    expect(batch.taken).toEqual([{ handle: placed('a').handle, expiryDay: expiryDay(period - 1, 6), count: 2 }]);
    expect(batch.added).toEqual([{ handle: placed('a').handle, expiryDay: expiryDay(period, 6), count: 2 }]);
    expect(batch.positions).toEqual([{ cohort: 2, slot: 7, handle: placed('a').handle, lastDay: expiryDay(period, 6) }]);
    expect(batch.marks.map(({ mark, retry }) => [handleHex(mark), retry])).toEqual(
      [placed('a'), placed('b')].map((renewal) => [handleHex(renewedMark(prf, renewal)), undefined]),
    );
    expect(batch.marks.every(({ expiryDay: day }) => day === startOfPeriod(period))).toBe(true);
  });

  it('writes nothing for what was counted before, and nothing for what is refused', () => {
    const batch = new RenewalBatch(prf, new Set([handleHex(renewedMark(prf, placed('a')))]), now);
    expect(batch.decide(placed('a'))).toMatchObject({ cohort: 2, slot: 7, period });
    expect(batch.decide(placed('b', { end: { at: now, blind: false } }))).toBeUndefined();
    expect([batch.marks, batch.taken, batch.added, batch.positions]).toEqual([[], [], [], []]);
  });

  it('names the selector of a (subject, period) the same from whichever selector it comes', () => {
    const id = (name: string, of: number, into = period) =>
      handleHex(renewedId(prf, { selector: selector(name, of), period: into }));
    expect(id('a', period - 1)).toBe(id('a', period - 2));
    expect(new Set([id('a', period - 1), id('b', period - 1), id('a', period - 1, period + 1)]).size).toBe(3);
  });
});
