import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, expiryDay } from '#contracts';
import type { SelectorId } from '#contracts';
import type { Selector } from '#pseudonyms';
import { Prf } from '../keys/prf.js';
import { handleHex } from '../minting/standing-check.js';
import { CohortBook } from '../cohorts/cohort-book.js';
import { endRefuses, RenewalBatch, renewedId, renewedMark } from './renewal-batch.js';
import type { PlacedRenewal, RenewalFacts } from './renewal-batch.js';
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

const rows = (keyEpoch: number) => ({ keyEpoch, cohorts: [{ cohort: 2, keyEpoch: 1, open: true }], taken: [], lists: [] });
const bookAt = (keyEpoch: number) => new CohortBook({ slots: 64, perBlock: 8, first: 0 }, rows(keyEpoch));
const factsOf = (renewed: RenewalFacts['renewed'] = new Map()): RenewalFacts => ({ renewed, slots: new Map(), now });
const keyOf = (renewal: PlacedRenewal) => handleHex(renewedMark(prf, renewal));

describe('a pool of renewals', () => {
  it('moves the count of each pseudonym once, however often it is asked', () => {
    const batch = new RenewalBatch(prf, bookAt(1), factsOf());
    const [first, again] = [batch.decide(placed('a')), batch.decide(placed('a'))];
    expect(again).toEqual(first);
    batch.decide(placed('b'));
    expect(batch.taken).toEqual([{ handle: placed('a').handle, expiryDay: expiryDay(period - 1, 6), count: 2 }]);
    expect(batch.added).toEqual([{ handle: placed('a').handle, expiryDay: expiryDay(period, 6), count: 2 }]);
    expect(batch.positions).toEqual([{ cohort: 2, slot: 7, handle: placed('a').handle, lastDay: expiryDay(period, 6) }]);
    expect(batch.marks.map(({ mark, list }) => [handleHex(mark), list])).toEqual(
      [placed('a'), placed('b')].map((renewal) => [keyOf(renewal), undefined]),
    );
    expect(batch.marks.every(({ expiryDay: day }) => day === startOfPeriod(period))).toBe(true);
  });

  it('writes nothing for what was counted before, and nothing for what is refused', () => {
    const before = { fromEpoch: 1, list: undefined };
    const batch = new RenewalBatch(prf, bookAt(1), factsOf(new Map([[keyOf(placed('a')), before]])));
    expect(batch.decide(placed('a'))).toMatchObject({ keyEpoch: 1, cohort: 2, slot: 7, period });
    expect(batch.decide(placed('b', { end: { at: now, blind: false } }))).toBeUndefined();
    expect([batch.marks, batch.taken, batch.added, batch.positions]).toEqual([[], [], [], []]);
  });

  it('moves what is of an older key epoch into an open cohort of the newest, one slot for each account and cohort', () => {
    const book = bookAt(2);
    const batch = new RenewalBatch(prf, book, factsOf());
    const names = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const moved = names.map((name) => batch.decide(placed(name))!);
    expect(moved.every(({ keyEpoch, cohort }) => keyEpoch === 2 && book.list.cohorts.includes(cohort))).toBe(true);
    const places = new Map(moved.map(({ cohort, slot }) => [cohort, slot]));
    expect(moved.every(({ cohort, slot }) => places.get(cohort) === slot)).toBe(true);
    expect(places.size).toBeGreaterThan(4); // of 8 that 40 draws fall on: fewer has probability below 1e-6
    expect(batch.positions.map(({ cohort }) => cohort).sort()).toEqual([...places.keys()].sort());
    expect(batch.marks.every(({ fromEpoch, list }) => fromEpoch === 1 && list === 1)).toBe(true);
  });

  it('gives a retry the place of the first answer, though lists and key epochs have changed since', () => {
    const book = bookAt(2);
    const facts = factsOf();
    const batch = new RenewalBatch(prf, book, facts);
    const first = batch.decide(placed('a'))!;
    for (let i = 0; i < 62; i++) book.takeFreeSlot(first.cohort); // it closes
    expect(book.list.cohorts).not.toContain(first.cohort);
    expect(new RenewalBatch(prf, book, facts).decide(placed('a'))).toEqual(first);
    const stayed = factsOf(new Map([[keyOf(placed('b')), { fromEpoch: 1, list: undefined }]]));
    expect(new RenewalBatch(prf, book, stayed).decide(placed('b'))).toMatchObject({ keyEpoch: 1, cohort: 2, slot: 7 });
  });

  it('gives a (subject, period) no second place: not from a selector of another key epoch than the first time', () => {
    const facts = factsOf(new Map([[keyOf(placed('a')), { fromEpoch: 2, list: undefined }]]));
    const batch = new RenewalBatch(prf, bookAt(2), facts);
    expect(batch.decide(placed('a'))).toBeUndefined();
    expect(batch.positions).toEqual([]);
  });

  it('names the selector of a (subject, period) the same from whichever selector it comes', () => {
    const id = (name: string, of: number, into = period) =>
      handleHex(renewedId(prf, { selector: selector(name, of), period: into }));
    expect(id('a', period - 1)).toBe(id('a', period - 2));
    expect(new Set([id('a', period - 1), id('b', period - 1), id('a', period - 1, period + 1)]).size).toBe(3);
  });
});
