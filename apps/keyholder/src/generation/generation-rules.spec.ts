import { describe, expect, it } from '@jest/globals';
import type { Problem } from '#contracts';
import { answersNeeded, firstNumberOf, isBehind, judgeMarks, MOST_GENERATIONS, nextNumber } from './generation-rules.js';
import { Generation } from './generation.js';

const id = (byte: number) => new Uint8Array(16).fill(byte);
const mark = (number: number, byte = number) => ({ number, id: id(byte) });
const database = (number: number, byte: number | null = number, isUntouched = false) => ({
  number,
  id: byte === null ? undefined : id(byte),
  isUntouched,
});
const root = (byte: number) => new Uint8Array(32).fill(byte);

describe('a start', () => {
  it('goes on where database and folder remember the same generation', () => {
    expect(judgeMarks(database(1), { current: mark(1) })).toBe('go-on');
    expect(judgeMarks(database(3), { current: mark(3), next: mark(4) })).toBe('go-on'); // the opening was not committed
  });

  it('is the first one where neither remembers any, and nothing was ever written', () => {
    expect(judgeMarks(database(0, null, true), {})).toBe('first');
    expect(judgeMarks(database(0, null, true), { next: mark(1) })).toBe('first');
  });

  it('settles an opening that was committed and not noted in the folder', () => {
    expect(judgeMarks(database(2), { current: mark(1), next: mark(2) })).toBe('settle');
    expect(judgeMarks(database(1), { next: mark(1) })).toBe('settle');
  });

  it('is of a restored or unknown state in every other case', () => {
    expect(judgeMarks(database(1), { current: mark(2) })).toBe('restored'); // the database is older
    expect(judgeMarks(database(2), { current: mark(1) })).toBe('restored'); // the folder is older
    expect(judgeMarks(database(2, 7), { current: mark(2, 8) })).toBe('restored'); // opened twice from one backup
    expect(judgeMarks(database(1, null), { current: mark(1) })).toBe('restored'); // by `ctl restore`
    expect(judgeMarks(database(0, null, true), { current: mark(1) })).toBe('restored'); // the database was lost
    expect(judgeMarks(database(1), {})).toBe('restored');
    expect(judgeMarks(database(0, null, false), {})).toBe('restored');
  });
});

describe('what witnesses have seen', () => {
  const log = { size: 10, root };
  const seen = (generation: number, size: number, byte = size) => ({ generation, size, root: root(byte) });

  it('shows a state that is behind: more entries, others, or a later generation', () => {
    expect(isBehind(2, log, [seen(2, 10), seen(2, 4), seen(1, 900)])).toBe(false);
    expect(isBehind(2, log, [])).toBe(false);
    expect(isBehind(2, log, [seen(2, 10), seen(2, 11)])).toBe(true);
    expect(isBehind(2, log, [seen(2, 10, 99)])).toBe(true);
    expect(isBehind(2, log, [seen(3, 1)])).toBe(true);
  });

  it('gives a number that nobody remembers', () => {
    expect(nextNumber(database(2), { current: mark(3), next: mark(4) }, [seen(1, 9)])).toBe(5);
    expect(nextNumber(database(2), { current: mark(1) }, [seen(6, 1), seen(5, 3)])).toBe(7);
    expect(nextNumber(database(0, null, true), { current: mark(1) }, [])).toBe(2);
  });

  it('comes from so many that one of those who cosigned is among them', () => {
    for (let all = 1; all <= 7; all++)
      for (let needed = 1; needed <= all; needed++) {
        const asked = answersNeeded({ all, needed });
        expect(asked + needed).toBeGreaterThan(all);
        expect(asked).toBeLessThanOrEqual(all);
      }
  });
});

describe('a generation', () => {
  const code = (work: () => void): string | undefined => {
    try {
      work();
      return undefined;
    } catch (error) {
      return (error as Problem).code;
    }
  };

  it('uses no number of one before it, up to the last', () => {
    expect(firstNumberOf(1)).toBe(0);
    expect(firstNumberOf(MOST_GENERATIONS + 1)).toBeLessThan(2 ** 31);
    expect(firstNumberOf(3) - firstNumberOf(2)).toBe(firstNumberOf(2));
  });

  it('refuses what is of its first day or earlier, except in the very first', () => {
    const second = new Generation({ number: 2, day: 100, isUnnamed: false });
    expect([99, 100, 101].map((day) => second.isOfBefore(day))).toEqual([true, true, false]);
    expect(new Generation({ number: 1, day: 0, isUnnamed: false }).isOfBefore(0)).toBe(false);
  });

  it('waits for people, and for the word of its witnesses', () => {
    const restored = new Generation({ number: 2, day: 100, isUnnamed: true });
    expect(code(() => restored.requireNamed())).toBe('restore-unfinished');
    restored.name();
    expect([code(() => restored.requireNamed()), code(() => restored.requireSettled())]).toEqual([undefined, 'log-unavailable']);
    restored.confirm();
    expect(code(() => restored.requireSettled())).toBeUndefined();
  });
});
