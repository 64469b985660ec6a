import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leastHistory, usualRate } from './usual-rate.js';

/** mulberry32: the same series on every machine. */
function generator(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normal = (draw: () => number) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
/** Poisson, by its normal approximation where that is good. */
function poisson(draw: () => number, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(draw)));
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); count++) product *= draw();
  return Math.max(0, count);
}

const seed = 20_261_130;
const window = 30;
type Series = (draw: () => number, epoch: number, mean: number) => number;
const steady: Series = (draw, _, mean) => poisson(draw, mean);
const weekly: Series = (draw, epoch, mean) => poisson(draw, epoch % 7 < 2 ? mean * 0.3 : mean);
/** Each epoch's own rate is log-normal: the busiest in a hundred has three times the usual. */
const restless: Series = (draw, _, mean) => poisson(draw, mean * Math.exp(0.47 * normal(draw)));

/** Share of epochs over the limit that the epochs before them set. */
function alarms(series: Series, mean: number, bursts = 1): number {
  const draw = generator(seed + mean);
  const counts = Array.from({ length: 3_000 }, (_, epoch) => series(draw, epoch, mean));
  let over = 0;
  for (let at = window; at < counts.length; at++) {
    if (counts[at]! * bursts > usualRate(counts.slice(at - window, at))!.limit) over += 1;
  }
  return over / (counts.length - window);
}

describe(`the usual rate of a hub (series of seed ${seed})`, () => {
  it.each([0.2, 3, 40, 1_000, 20_000])(
    'gives no false alarm for a steady hub of %d SETs an epoch, with weekends or without',
    (mean) => {
      expect(alarms(steady, mean)).toBeLessThan(0.001);
      expect(alarms(weekly, mean)).toBeLessThan(0.001);
    },
  );

  it.each([3, 40, 1_000, 20_000])('gives fewer than one in a hundred for a restless hub of %d', (mean) => {
    expect(alarms(restless, mean)).toBeLessThan(0.01);
  });

  it.each([20, 200, 5_000])('sees ten times the usual of a hub of %d, restless ones nearly always', (mean) => {
    expect(alarms(steady, mean, 10)).toBe(1);
    expect(alarms(restless, mean, 10)).toBeGreaterThan(0.9);
  });

  it('is not moved out of honest reach by fewer than half of the epochs, in whatever order they came', () => {
    const counts = (most: number, length: { minLength: number; maxLength: number }) => fc.array(fc.nat(most), length);
    fc.assert(
      fc.property(
        counts(200, { minLength: 16, maxLength: 30 }),
        counts(1_000_000, { minLength: 0, maxLength: 14 }),
        (honest, hostile) => {
          fc.pre(hostile.length < honest.length);
          const rate = usualRate([...hostile, ...honest])!;
          expect(rate).toEqual(usualRate([...honest, ...hostile].reverse()));
          expect(rate.usual).toBeLessThanOrEqual(Math.max(...honest));
        },
      ),
    );
  });

  it('is what the policy says of the hub, whatever it has sent; and nothing is said of a hub that is hardly known', () => {
    expect(usualRate([], 400)).toEqual({ usual: 400, limit: 1_000 });
    expect(usualRate([9_000, 9_000], 400)).toEqual({ usual: 400, limit: 1_000 });
    expect(usualRate(Array.from({ length: leastHistory - 1 }, () => 5))).toBeUndefined();
    expect(usualRate(Array.from({ length: leastHistory }, () => 0))).toEqual({ usual: 0, limit: 20 });
  });
});
