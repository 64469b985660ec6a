import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expiryDay, periodOf } from '#contracts';
import type { Handle } from '#contracts';
import { CohortBook } from '../cohorts/cohort-book.js';
import { Prf } from '../keys/prf.js';
import { MintBatch } from './mint-batch.js';
import type { Account, MintFacts, Minted } from './mint-batch.js';
import type { OpenedTicket } from './opened-ticket.js';
import { handleHex } from './standing-check.js';

const prf = new Prf(new Uint8Array(32).fill(9));
const day = 20_759;
const limits = { freePseudonyms: 3, maxPseudonyms: 5 };
const sha = (text: string) => createHash('sha256').update(text).digest();
const handle = (n: number) => sha(`handle ${n}`).subarray(0, 16) as Uint8Array as Handle;

const ticket = (who: number, jti: string, bytes = jti): OpenedTicket => ({
  kind: 'opened',
  handle: handle(who),
  jti: sha(jti),
  subject: sha('subject'),
  redeem: new Uint8Array(64),
  mark: sha(`mark ${jti}`),
  wrappedHash: sha(`wrapped ${bytes}`),
  notAfter: day + 7,
  reasonKey: new Uint8Array(32),
});

function facts(accounts: Record<number, Partial<Account>>, more: Partial<MintFacts> = {}): MintFacts {
  const known = Object.entries(accounts).map(([who, account]) => {
    return [handleHex(handle(Number(who))), { commended: false, live: 0, extra: 0, ...account }] as const;
  });
  return { day, limits, accounts: new Map(known), standing: new Set(), spent: new Map(), slots: new Map(), ...more };
}
const newBook = (slots = 2_048) =>
  new CohortBook({ slots, perBlock: 8, first: 0 }, { keyEpoch: 1, cohorts: [], taken: [], lists: [] });
const batchOf = (given: MintFacts, book = newBook()) => new MintBatch(prf, book, given);
const refused = (reason?: string) => ({ kind: 'refused', reason });

describe('a pool of mints', () => {
  it('mints for the period of the day, and writes what it decides', () => {
    const batch = batchOf(facts({ 1: {} }));
    const minted = batch.decide(ticket(1, 'a'), true) as Minted;
    expect(minted).toMatchObject({ kind: 'minted', period: periodOf(day) });
    expect([5, 6, 7, 8].map((weeks) => expiryDay(periodOf(day), weeks))).toContain(minted.expiryDay);
    const { cohort, slot, expiryDay: lastDay } = minted;
    expect(batch.positions).toEqual([{ cohort, slot, handle: handle(1), lastDay }]);
    expect(batch.liveCounts).toEqual([{ handle: handle(1), expiryDay: lastDay, count: 1 }]);
    expect(batch.spentRows).toEqual([
      { mark: sha('mark a'), retry: { wrappedHash: sha('wrapped a'), list: 1, period: periodOf(day) }, expiryDay: day + 7 },
    ]);
  });

  it.each<[string, MintFacts, boolean, string | undefined]>([
    ['a handle it does not know', facts({}), true, undefined],
    ['a redemption without the holder key', facts({ 1: {} }), false, undefined],
    ['an account with a standing', facts({ 1: {} }, { standing: new Set([handleHex(handle(1))]) }), true, 'standing'],
    ['more than the free number', facts({ 1: { live: 3 } }), true, 'standing-needed'],
    ['more than the most', facts({ 1: { live: 5, commended: true } }), true, 'too-many-live'],
    ['more than the most, whatever the allowance', facts({ 1: { live: 5, extra: 9 } }), true, 'too-many-live'],
  ])('refuses %s and spends the ticket for good', (_, given, proven, reason) => {
    const batch = batchOf(given);
    expect(batch.decide(ticket(1, 'a'), proven)).toEqual(refused(reason));
    expect(batch.spentRows).toEqual([{ mark: sha('mark a'), retry: undefined, expiryDay: day + 7 }]);
    expect([batch.positions, batch.liveCounts]).toEqual([[], []]);
    given.accounts.set(handleHex(handle(1)), { commended: false, live: 0, extra: 0 });
    expect(batch.decide(ticket(1, 'a'), true)).toEqual(refused('spent'));
    expect(batch.spentRows).toHaveLength(1);
  });

  it.each<[string, Partial<Account>]>([
    ['commended', { live: 4, commended: true }],
    ['allowed more', { live: 3, extra: 1 }],
  ])('mints beyond the free number for an account that is %s', (_, account) => {
    expect(batchOf(facts({ 1: account })).decide(ticket(1, 'a'), true).kind).toBe('minted');
  });

  it('answers the same bytes with the same position, also when the cohort has closed, and writes nothing', () => {
    const book = newBook(16);
    const given = facts({ 1: {} });
    const first = batchOf(given, book).decide(ticket(1, 'a'), true) as Minted;
    for (let i = 0; i < 15; i++) if (book.list.cohorts.includes(first.cohort)) book.takeFreeSlot(first.cohort);
    expect(book.list.cohorts).not.toContain(first.cohort);
    const later = batchOf({ ...given, day: day + 1 }, book);
    expect(later.decide(ticket(1, 'a'), true)).toEqual(first);
    expect([later.spentRows, later.positions, later.liveCounts]).toEqual([[], [], []]);
  });

  it('refuses a repeated mint once a standing is in force, and any other bytes of the ticket', () => {
    const given = facts({ 1: {} });
    batchOf(given).decide(ticket(1, 'a'), true);
    expect(batchOf(given).decide(ticket(1, 'a', 'other bytes'), true)).toEqual(refused('spent'));
    expect(batchOf({ ...given, standing: new Set([handleHex(handle(1))]) }).decide(ticket(1, 'a'), true)).toEqual(
      refused('standing'),
    );
  });

  it('keeps caps, tickets and slots right, in any order of any requests', () => {
    const request = fc.record({
      who: fc.nat({ max: 3 }),
      jti: fc.nat({ max: 60 }),
      bytes: fc.nat({ max: 2 }),
      proven: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 120 }), (requests) => {
        const given = facts({ 0: {}, 1: { commended: true }, 2: { extra: 1 } });
        const batch = batchOf(given, newBook(16));
        const selectors = new Map<string, string>();
        for (const { who, jti, bytes, proven } of requests) {
          const result = batch.decide(ticket(who, `${jti}`, `${jti}/${bytes}/${who}`), proven);
          if (result.kind === 'minted') selectors.set(`${jti}`, handleHex(result.selectorId));
        }
        const live = (who: number) => given.accounts.get(handleHex(handle(who)))!.live;
        expect(live(0)).toBeLessThanOrEqual(3);
        expect(live(1)).toBeLessThanOrEqual(5);
        expect(live(2)).toBeLessThanOrEqual(4);
        expect(selectors.size).toBe(live(0) + live(1) + live(2));
        expect(new Set(selectors.values()).size).toBe(selectors.size);
        expect(batch.liveCounts.reduce((sum, { count }) => sum + count, 0)).toBe(selectors.size);
        expect(new Set(batch.spentRows.map(({ mark }) => handleHex(mark))).size).toBe(batch.spentRows.length);
        const places = batch.positions.map(({ cohort, slot }) => `${cohort}/${slot}`);
        expect(new Set(places).size).toBe(places.length);
        const owners = batch.positions.map(({ cohort, handle: owner }) => `${cohort}/${handleHex(owner)}`);
        expect(new Set(owners).size).toBe(owners.length);
      }),
    );
  });
});

describe('the draw of a cohort', () => {
  const draws = 4_000;
  /** χ² over the cohorts drawn; whose ticket it is is a function of the draw's number. */
  const chiSquare = (cohorts: readonly number[]): number => {
    const expected = cohorts.length / 8;
    const counts = Array<number>(8).fill(0);
    for (const cohort of cohorts) counts[cohort]! += 1;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  };
  const drawn = (who: (i: number) => number): number[] => {
    const given = facts({}, { limits: { freePseudonyms: draws, maxPseudonyms: draws } });
    const batch = batchOf(given, newBook(16_384));
    return Array.from({ length: draws }, (_, i) => {
      const account = { commended: false, live: 0, extra: 0 };
      given.accounts.set(handleHex(handle(who(i))), account);
      return (batch.decide(ticket(who(i), `${i}`), true) as Minted).cohort;
    });
  };

  // the key is fixed, so these hold or do not; 24.3 is the 0.1 % point of χ² with 7 degrees of freedom
  it('is uniform over the open cohorts, and the same whoever the ticket is for', () => {
    const cohorts = drawn((i) => i % 500);
    expect(chiSquare(cohorts)).toBeLessThan(24.3);
    expect(drawn(() => 1)).toEqual(cohorts);
  });

  it('gives two pseudonyms of one account equal labels as often as two of different accounts', () => {
    const cohorts = drawn((i) => i >> 1);
    const pairs = draws / 2;
    const equal = Array.from({ length: pairs }, (_, i) => Number(cohorts[2 * i] === cohorts[2 * i + 1])).reduce(
      (a, b) => a + b,
      0,
    );
    const shifted = Array.from({ length: pairs - 1 }, (_, i) => Number(cohorts[2 * i + 1] === cohorts[2 * i + 2])).reduce(
      (a, b) => a + b,
      0,
    );
    const deviation = Math.sqrt(pairs * (1 / 8) * (7 / 8));
    expect(Math.abs(equal - pairs / 8)).toBeLessThan(3.3 * deviation);
    expect(Math.abs(shifted - pairs / 8)).toBeLessThan(3.3 * deviation);
  });

  it('of weeks until expiry is uniform, too, and apart from the cohort', () => {
    const given = facts({ 1: {} }, { limits: { freePseudonyms: draws, maxPseudonyms: draws } });
    const batch = batchOf(given, newBook(16_384));
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const { cohort, expiryDay: end } = batch.decide(ticket(1, `w${i}`), true) as Minted;
      counts.set(`${cohort}/${end}`, (counts.get(`${cohort}/${end}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(32);
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - draws / 32) ** 2 / (draws / 32), 0);
    expect(chi).toBeLessThan(61.1); // 0.1 % point of χ² with 31 degrees of freedom
  });
});
