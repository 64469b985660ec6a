import { describe, expect, it } from '@jest/globals';
import type { Group } from './bench-context.js';
import { runGroups } from './run-groups.js';
import { quick } from './scale.js';

const mint: Group = {
  name: 'mint',
  figures: ['mint_per_s'],
  run: async ({ measurements }) => measurements.record('mint_per_s', [300]),
};
const broken: Group = {
  name: 'broken',
  figures: ['intake_sets_per_s', 'selector_bytes'],
  async run({ measurements }) {
    measurements.record('selector_bytes', [16_674]);
    throw new Error('the disk is full\nand more');
  },
};
const reasonOf = (report: { omitted: readonly { name: string; reason: string }[] }, figure: string) =>
  report.omitted.find(({ name }) => name === figure)?.reason;

describe('a run', () => {
  it('goes on after a group that fails, keeps what that had measured, and says why the rest is missing', async () => {
    const lines: string[] = [];
    const report = await runGroups([broken, mint], {
      scale: quick,
      signal: new AbortController().signal,
      print: (line) => lines.push(line),
    });
    expect(report.figures.map(({ name }) => name)).toEqual(['mint_per_s', 'selector_bytes']);
    expect(reasonOf(report, 'intake_sets_per_s')).toBe('the disk is full');
    expect(reasonOf(report, 'signal_to_standing_s')).toBe('not asked for');
    expect(lines.some((line) => line.includes('broken: ✗ the disk is full'))).toBe(true);
    expect(report.machine.cores).toBeGreaterThan(0);
  });

  it('begins nothing once it was told to stop', async () => {
    const report = await runGroups([mint], { scale: quick, signal: AbortSignal.abort(), print: () => undefined });
    expect(report.figures).toEqual([]);
    expect(reasonOf(report, 'mint_per_s')).toBe('interrupted');
  });

  it('aborts what is under way when the time is over', async () => {
    const slow: Group = {
      name: 'slow',
      figures: ['mint_per_s'],
      run: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    };
    const report = await runGroups([slow], {
      scale: { ...quick, limitSeconds: 20.05 },
      signal: new AbortController().signal,
      print: () => undefined,
    });
    expect(reasonOf(report, 'mint_per_s')).toBe('the time was over');
  });
});
