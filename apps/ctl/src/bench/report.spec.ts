import { describe, expect, it } from '@jest/globals';
import { Measurements } from './measurements.js';
import { reportOf, reportText } from './report.js';

const machine = {
  cores: 2,
  model: 'Example CPU',
  memoryGb: 8,
  platform: 'linux x64',
  node: '24.0.0',
  postgresql: '18.4',
  loadBefore: 0.1,
};

function sample() {
  const run = new Measurements();
  run.record('intake_sets_per_s', [1_100, 900, 1_234.4]);
  run.note('tally_close_s', 's', [5], 'closing the epoch, part of the tally');
  run.grow('fold_us_per_pair', 'µs', 10_000, [200]);
  run.grow('fold_us_per_pair', 'µs', 50_000, [210]);
  run.omit(['mint_per_s'], 'nyms did not start');
  return reportOf(run, { machine, quick: false, seconds: 12.4 });
}

describe('the report', () => {
  it('is JSON with name, value, unit, least, most and runs of each figure, the machine and what is missing', () => {
    const json = JSON.parse(JSON.stringify(sample())) as ReturnType<typeof sample>;
    expect(json.figures[0]).toEqual({
      name: 'intake_sets_per_s',
      value: 1_100,
      unit: '1/s',
      min: 900,
      max: 1_234,
      runs: 3,
      reach: '≥ 1,000',
      met: true,
      what: expect.any(String),
    });
    expect(json.figures[1]).toMatchObject({ name: 'tally_close_s', value: 5, unit: 's' });
    expect(json.machine).toEqual(machine);
    expect(json.omitted).toContainEqual({ name: 'mint_per_s', reason: 'nyms did not start' });
    expect(json).toMatchObject({ quick: false, seconds: 12 });
  });

  it('prints a row for each figure, the growth with its factor, the omissions and the machine', () => {
    const text = reportText(sample());
    expect(text).toMatch(/intake_sets_per_s .* 1,100 .* 900 .* 1,234 .* 3 .*≥ 1,000 .* yes/);
    expect(text).toMatch(/fold_us_per_pair .* 200 .* 210 .*× 1\.05/);
    expect(text).toContain('mint_per_s: nyms did not start');
    expect(text).toContain('2 cores (Example CPU), 8 GB');
  });
});
