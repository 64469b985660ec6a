import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { figureNames } from './figures.js';
import { Measurements, summarise } from './measurements.js';

describe('a summary', () => {
  it('has the middle sample as its value, and the mean of the two middle ones when there is none', () => {
    expect(summarise([3, 1, 2])).toEqual({ value: 2, min: 1, max: 3, runs: 3 });
    expect(summarise([4, 1, 2, 3])).toEqual({ value: 2.5, min: 1, max: 4, runs: 4 });
    expect(summarise([7])).toEqual({ value: 7, min: 7, max: 7, runs: 1 });
  });

  it('lies between least and most, whatever the order', () => {
    const samples = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(samples, (values) => {
        const { value, min, max, runs } = summarise(values);
        expect(min <= value && value <= max).toBe(true);
        expect(runs).toBe(values.length);
        expect(summarise(values.toReversed())).toEqual({ value, min, max, runs });
      }),
    );
  });

  it('is not made of nothing, nor of what is no number', () => {
    expect(() => summarise([])).toThrow(RangeError);
    expect(() => summarise([1, Number.NaN])).toThrow(RangeError);
  });
});

describe('measurements', () => {
  it('judge a figure by its reach, and by others of the same run', () => {
    const run = new Measurements();
    run.record('mint_per_s', [150, 250, 190]);
    run.record('seal_load_seeded_us', [80]);
    run.record('pg_read_row_us', [100]);
    run.record('fold_us_per_pair', [235]);
    const verdict = (name: string) => run.all().find((figure) => figure.name === name)?.met;
    expect(verdict('mint_per_s')).toBe(false); // 190 of 200
    expect(verdict('fold_us_per_pair')).toBe(false); // 235 of 1.3 × 180 = 234
    run.record('fold_us_per_pair', [233]);
    expect(verdict('fold_us_per_pair')).toBe(true);
    run.record('fold_us_per_pair', [301]);
    expect(verdict('fold_us_per_pair')).toBe(false);
    expect(verdict('seal_load_seeded_us')).toBeUndefined();
  });

  it('does not call a comparison met when its other half is missing', () => {
    const run = new Measurements();
    run.record('fold_us_per_pair', [10]);
    expect(run.all()[0]).toMatchObject({ name: 'fold_us_per_pair', met: false });
  });

  it('say for every named figure either its value or why there is none', () => {
    const run = new Measurements();
    run.record('mint_per_s', [200]);
    run.omit(['mint_per_s', 'intake_sets_per_s'], 'the disk is full');
    run.omit(['intake_sets_per_s'], 'a later reason');
    expect(run.all().map(({ name }) => name)).toEqual(['mint_per_s']);
    const omitted = run.omissions();
    expect(omitted.find(({ name }) => name === 'intake_sets_per_s')?.reason).toBe('the disk is full');
    expect([...omitted.map(({ name }) => name), 'mint_per_s'].sort()).toEqual([...figureNames].sort());
  });
});
