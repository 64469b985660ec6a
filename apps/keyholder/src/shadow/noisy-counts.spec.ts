import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leastShadowCount, shadowSteps } from '#contracts';
import { systemDraw } from './geometric-noise.js';
import { crossingCounts, noisyCounts } from './noisy-counts.js';

const trim = { f: 1, clip: 40, threshold: 40 };
/** No noise at all: both geometric draws are nothing. */
const silent = () => 1;

describe('counts about a shadow policy', () => {
  it('are of the accounts that would cross at each step of the threshold', () => {
    // without the largest: 20, 30, 40, 50, 60
    const scores = [20, 30, 40, 50, 60].map((rest) => [40, ...Array.from({ length: 2 }, () => rest / 2), 0]);
    expect(crossingCounts(scores, trim)).toEqual([5, 4, 3, 2, 1]);
  });

  it('change by one at most for one account, at each step', () => {
    const row = fc.array(fc.nat({ max: 100 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), row, (others, one) => {
        const [without, beside] = [crossingCounts(others, trim), crossingCounts([...others, one], trim)];
        beside.forEach((count, i) => expect([0, 1]).toContain(count - without[i]!));
      }),
    );
  });

  it('are told from ten on, and nothing below, whatever they are and whatever is drawn', () => {
    expect(noisyCounts([9, 10, 11, 0, 500], 1, silent)).toEqual([null, 10, 11, null, 500]);
    const counts = fc.array(fc.nat({ max: 60 }), { minLength: shadowSteps.length, maxLength: shadowSteps.length });
    fc.assert(
      fc.property(counts, fc.double({ min: 0.05, max: 10, noNaN: true }), (all, epsilon) => {
        for (const told of noisyCounts(all, epsilon, systemDraw))
          expect(told === null || (Number.isInteger(told) && told >= leastShadowCount)).toBe(true);
      }),
    );
  });

  it('share the ε of their report: each gets the noise of a fifth of it', () => {
    // the first draw of each pair decides: ln(1/draw) / (ε/5)
    const draws = Array.from({ length: 5 }, () => [Math.exp(-1), 1]).flat();
    expect(noisyCounts([100, 100, 100, 100, 100], 0.5, () => draws.shift() as number)).toEqual([110, 110, 110, 110, 110]);
  });
});
