import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crosses, isBacked, trimmedScore, type TrimmedSum } from './trimmed-sum.js';

/** The demo's constants, 12 operators. */
const demo: TrimmedSum = { f: 2, clip: 40, threshold: 60 };
const zeros = (count: number) => Array<number>(count).fill(0);

/** An honest account below the threshold, and a coalition of at most f operators that says about it what it likes. */
const attack = fc
  .record({
    operators: fc.integer({ min: 1, max: 16 }),
    f: fc.integer({ min: 0, max: 5 }),
    clip: fc.integer({ min: 1, max: 100 }),
  })
  .chain(({ operators, f, clip }) =>
    fc.record({
      f: fc.constant(f),
      clip: fc.constant(clip),
      threshold: fc.integer({ min: 1, max: 4 * clip }),
      honest: fc.array(fc.integer({ min: 0, max: 150 }), { minLength: operators, maxLength: operators }),
      coalition: fc.uniqueArray(fc.nat({ max: operators - 1 }), { maxLength: f }),
      lies: fc.array(fc.nat({ max: 2 ** 31 }), { minLength: operators, maxLength: operators }),
    }),
  );

describe('trimmed-sum quorum', () => {
  it('clips each operator, leaves out the f largest and compares the rest', () => {
    expect(trimmedScore([100, 50, 30, 20, 10], demo)).toBe(60);
    expect(crosses([100, 50, 30, 20, 10], demo)).toBe(true);
    expect(crosses([100, 50, 30, 20, 9], demo)).toBe(false);
  });

  it('is nothing when no more than f operators say anything', () => {
    expect(trimmedScore([1e6, 1e6, ...zeros(10)], demo)).toBe(0);
    expect(trimmedScore([1e6], demo)).toBe(0);
    expect(trimmedScore([], demo)).toBe(0);
  });

  it('is the sum of what is left when the clipped scores are sorted and the f last are taken away', () => {
    const scores = fc.array(fc.nat({ max: 60 }), { maxLength: 24 });
    fc.assert(
      fc.property(scores, fc.nat({ max: 26 }), fc.integer({ min: 1, max: 50 }), (all, f, clip) => {
        const sorted = all.map((score) => Math.min(clip, score)).sort((a, b) => a - b);
        const left = sorted.slice(0, Math.max(0, sorted.length - f));
        expect(trimmedScore(all, { f, clip, threshold: 1 })).toBe(left.reduce((sum, score) => sum + score, 0));
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets no coalition of f operators make an account cross whose score from the others is below the threshold', () => {
    fc.assert(
      fc.property(attack, ({ f, clip, threshold, honest, coalition, lies }) => {
        const trim = { f, clip, threshold };
        const others = honest
          .filter((_, operator) => !coalition.includes(operator))
          .reduce((sum, score) => sum + Math.min(clip, score), 0);
        fc.pre(others < threshold);
        expect(
          crosses(
            honest.map((score, operator) => (coalition.includes(operator) ? (lies[operator] ?? 0) : score)),
            trim,
          ),
        ).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('answers the same for one account and for two whose scores together stay below the threshold', () => {
    fc.assert(
      fc.property(
        attack,
        fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
        ({ f, clip, threshold, honest, coalition, lies }, halves) => {
          const trim = { f, clip, threshold };
          const others = honest
            .filter((_, operator) => !coalition.includes(operator))
            .reduce((sum, score) => sum + Math.min(clip, score), 0);
          fc.pre(others < threshold);
          const reported = honest.map((score, operator) => (coalition.includes(operator) ? (lies[operator] ?? 0) : score));
          const first = reported.map((score, operator) => (halves[operator] ? score : 0));
          const second = reported.map((score, operator) => (halves[operator] ? 0 : score));
          expect([crosses(reported, trim), crosses(first, trim), crosses(second, trim)]).toEqual([false, false, false]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on the order of operators and never falls when a score rises', () => {
    fc.assert(
      fc.property(attack, fc.nat(), fc.nat({ max: 100 }), ({ f, clip, threshold, honest }, at, more) => {
        const trim = { f, clip, threshold };
        expect(trimmedScore(honest.toReversed(), trim)).toBe(trimmedScore(honest, trim));
        const raised = honest.with(at % honest.length, (honest[at % honest.length] ?? 0) + more);
        expect(trimmedScore(raised, trim)).toBeGreaterThanOrEqual(trimmedScore(honest, trim));
      }),
    );
  });

  it('holds against a hostile hub that pushes an honest heavy user with everything it has', () => {
    const hostile = 10_000;
    // falsely reported once by each of five other hubs, verified: 50 of 60
    const victim = [10, 10, 10, 10, 10, hostile, ...zeros(6)];
    expect(crosses(victim, demo)).toBe(false);
    expect(crosses(victim, { ...demo, f: 0 })).toBe(true);
  });

  it('gives the half-and-half attack nothing to learn', () => {
    // two hostile operators push half a threshold each, one per pseudonym, and watch whether both vanish together
    const together = [30, 30, ...zeros(10)];
    const apart = [
      [30, ...zeros(11)],
      [0, 30, ...zeros(10)],
    ];
    expect(crosses(together, demo)).toBe(false);
    expect(apart.map((scores) => crosses(scores, demo))).toEqual([false, false]);
    // a plain threshold tells them: together it crosses, apart it does not
    expect(crosses(together, { ...demo, f: 0 })).toBe(true);
    expect(apart.map((scores) => crosses(scores, { ...demo, f: 0 }))).toEqual([false, false]);
  });

  it('backs a blind suspension with signals of more than f operators only', () => {
    expect(isBacked([1e6, 1e6, 0], demo)).toBe(false);
    expect(isBacked([1, 1, 1], demo)).toBe(true);
  });
});
