import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { geometricNoise, systemDraw } from './geometric-noise.js';

/** P(k) = (1 − α) / (1 + α) × α^|k|, α = exp(−ε). */
const probability = (k: number, epsilon: number) => {
  const alpha = Math.exp(-epsilon);
  return ((1 - alpha) / (1 + alpha)) * alpha ** Math.abs(k);
};

describe('two-sided geometric noise', () => {
  it.each([0.2, 0.5, 1, 2])('is distributed as its formula says, ε = %d', (epsilon) => {
    const draws = 40_000;
    const seen = new Map<number, number>();
    for (let i = 0; i < draws; i++) {
      const noise = geometricNoise(epsilon, systemDraw);
      seen.set(noise, (seen.get(noise) ?? 0) + 1);
    }
    // χ² over the values that are expected 50 times or more, the rest in one cell
    const most = Math.floor(Math.log(50 / (draws * probability(0, epsilon))) / -epsilon);
    const values = Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
    const inside = values.map((k) => ({ expected: draws * probability(k, epsilon), found: seen.get(k) ?? 0 }));
    const rest = (key: 'expected' | 'found') => draws - inside.reduce((sum, cell) => sum + cell[key], 0);
    const cells = [...inside, { expected: rest('expected'), found: rest('found') }];
    const chiSquare = cells.reduce((sum, { expected, found }) => sum + (found - expected) ** 2 / expected, 0);
    const degrees = cells.length - 1;
    // six standard deviations of χ² above its mean: one run in many millions of a right sampler
    expect(chiSquare).toBeLessThan(degrees + 6 * Math.sqrt(2 * degrees) + 12);
  });

  it('covers one account: neighbouring counts give the same answer with a ratio of exp(ε) at most', () => {
    for (const epsilon of [0.2, 1])
      for (let answer = -20; answer <= 20; answer++) {
        const ratio = probability(answer - 5, epsilon) / probability(answer - 6, epsilon);
        expect(Math.max(ratio, 1 / ratio)).toBeLessThanOrEqual(Math.exp(epsilon) * (1 + 1e-9));
      }
  });

  it('is a whole number for whatever is drawn, the ends included', () => {
    const draw = fc.double({ min: 2 ** -53, max: 1, noNaN: true });
    fc.assert(
      fc.property(draw, draw, fc.double({ min: 0.01, max: 20, noNaN: true }), (first, second, epsilon) => {
        const left = [first, second];
        expect(Number.isSafeInteger(geometricNoise(epsilon, () => left.shift() as number))).toBe(true);
      }),
    );
  });

  it('draws from above zero to one', () => {
    for (let i = 0; i < 1_000; i++) {
      const drawn = systemDraw();
      expect(drawn > 0 && drawn <= 1).toBe(true);
    }
  });
});
