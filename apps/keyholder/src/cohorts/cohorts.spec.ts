import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CohortBook } from './cohort-book.js';
import type { CohortChanges } from './cohort-book.js';
import { blockToOpen, drawCohort, isRunningLow, LEAST_OPEN } from './cohort-rules.js';
import { SlotMap } from './slot-map.js';

const sizes = { slots: 32, perBlock: 8, first: 0 };
const empty = { keyEpoch: 1, cohorts: [], taken: [], lists: [] };
/** Always the n-th cohort of a list. */
const nth = (n: number) => {
  const bytes = Buffer.alloc(32);
  bytes.writeUIntBE(n, 0, 6);
  return bytes;
};

describe('cohorts', () => {
  it('open as a block on a new database', () => {
    const book = new CohortBook(sizes, empty);
    expect(book.list).toEqual({ number: 1, cohorts: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(book.takeChanges()).toEqual({ opened: [0, 1, 2, 3, 4, 5, 6, 7], reopened: [], closed: [], lists: [book.list] });
    expect(book.takeChanges().opened).toEqual([]);
  });

  it('open in blocks of at least a quarter of all there are', () => {
    expect([blockToOpen(8, 8, sizes), blockToOpen(7, 8, sizes), blockToOpen(7, 100, sizes), blockToOpen(9, 100, sizes)]).toEqual([
      0, 8, 25, 0,
    ]);
    expect([
      blockToOpen(0, 0, { slots: 32, perBlock: 1, first: 0 }),
      blockToOpen(0, 1, { slots: 32, perBlock: 1, first: 0 }),
    ]).toEqual([1, 1]);
  });

  it('close when they run low, for everybody, and are drawn no more', () => {
    const book = new CohortBook(sizes, empty);
    for (let i = 0; i < 31; i++) book.takeFreeSlot(3);
    expect(book.list.cohorts).not.toContain(3);
    expect(book.list.cohorts).toHaveLength(15);
    expect(book.listOf(1)?.cohorts).toContain(3);
    expect(book.takeChanges()).toMatchObject({ closed: [3], opened: expect.arrayContaining([8, 15]) });
    expect([isRunningLow(2, sizes), isRunningLow(1, sizes)]).toEqual([false, true]);
  });

  it('open again, all at once, when half of them is free', () => {
    const book = new CohortBook(sizes, empty);
    const taken = Array.from({ length: 31 }, () => ({ cohort: 3, slot: book.takeFreeSlot(3) }));
    const lists = book.list.number;
    book.release(taken.slice(0, 14));
    expect(book.list.cohorts).not.toContain(3);
    book.release(taken.slice(14));
    expect(book.list).toMatchObject({ number: lists + 1 });
    expect(book.list.cohorts).toContain(3);
    expect(book.takeChanges().reopened).toEqual([3]);
  });

  it('of an earlier generation get nobody any more, however much of them is free', () => {
    const cohorts = Array.from({ length: 8 }, (_, cohort) => ({ cohort, keyEpoch: 1, open: cohort === 7 }));
    const taken = Array.from({ length: 20 }, (_, slot) => ({ cohort: 0, slot }));
    const book = new CohortBook(
      { ...sizes, first: 1_000 },
      { keyEpoch: 1, cohorts, taken, lists: [{ number: 3, cohorts: [7] }] },
    );
    expect(book.list).toMatchObject({ number: 4, cohorts: [1_000, 1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1_007] });
    book.release(taken);
    expect(book.list.number).toBe(4);
    expect(book.takeChanges().reopened).toEqual([]);
  });

  it('of an older key epoch are closed when a newer has begun, keep its number, and give no slot', () => {
    const cohorts = [0, 1, 2].map((cohort) => ({ cohort, keyEpoch: 1, open: cohort > 0 }));
    const lists = [{ number: 4, cohorts: [1, 2] }];
    const book = new CohortBook(sizes, { keyEpoch: 2, cohorts, taken: [{ cohort: 1, slot: 5 }], lists });
    expect(book.list).toEqual({ number: 5, cohorts: [3, 4, 5, 6, 7, 8, 9, 10] });
    expect(book.takeChanges()).toMatchObject({ closed: [1, 2], opened: book.list.cohorts, lists: [book.list] });
    expect([book.keyEpochOf(2), book.keyEpochOf(3), book.listOf(4)?.cohorts]).toEqual([1, 2, [1, 2]]);
    expect(() => book.takeFreeSlot(1)).toThrow(RangeError);
    book.release(Array.from({ length: 32 }, (_, slot) => ({ cohort: 1, slot })));
    expect([book.list.number, book.takeChanges().reopened]).toEqual([5, []]);
  });

  it('are drawn by the draw alone', () => {
    const list = { number: 1, cohorts: [2, 5, 9] };
    expect([0, 1, 2, 3].map((n) => drawCohort(list, nth(n)))).toEqual([2, 5, 9, 2]);
  });

  it('come back from the database as they were, with at least 8 open and never one full', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 32 }), { minLength: 1, maxLength: 600 }), (draws) => {
        const rows = {
          keyEpoch: 1,
          cohorts: new Map<number, boolean>(),
          taken: [] as { cohort: number; slot: number }[],
          lists: [] as { number: number; cohorts: readonly number[] }[],
        };
        const follow = ({ opened, closed, reopened, lists }: CohortChanges) => {
          for (const cohort of [...opened, ...reopened]) rows.cohorts.set(cohort, true);
          for (const cohort of closed) rows.cohorts.set(cohort, false);
          rows.lists.push(...lists);
        };
        const book = new CohortBook(sizes, empty);
        for (const draw of draws) {
          const cohort = drawCohort(book.list, nth(draw));
          const slot = book.takeFreeSlot(cohort);
          expect(rows.taken.some((taken) => taken.cohort === cohort && taken.slot === slot)).toBe(false);
          rows.taken.push({ cohort, slot });
          expect(book.list.cohorts.length).toBeGreaterThanOrEqual(LEAST_OPEN);
        }
        follow(book.takeChanges());
        const again = new CohortBook(sizes, {
          ...rows,
          cohorts: [...rows.cohorts].map(([cohort, open]) => ({ cohort, keyEpoch: 1, open })),
        });
        expect(again.list).toEqual(book.list);
        expect(again.size).toEqual(book.size);
        expect(again.takeChanges().lists).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('slots', () => {
  it('are given once each, and not in turn', () => {
    const map = new SlotMap(64);
    const slots = Array.from({ length: 64 }, () => map.takeFree());
    expect(new Set(slots).size).toBe(64);
    expect(slots).not.toEqual([...slots].sort((a, b) => a - b)); // equal with probability 1/64!
    expect(() => map.takeFree()).toThrow(RangeError);
    map.release(5);
    expect([map.free, map.takeFree()]).toEqual([1, 5]);
  });

  it('count once, however often they are taken or released, and not beyond those in use', () => {
    const map = new SlotMap(16);
    for (const slot of [3, 3, 99]) map.take(slot);
    expect(map.free).toBe(15);
    for (const slot of [3, 3, 99]) map.release(slot);
    expect(map.free).toBe(16);
  });
});
