/** Figures of acts that take approvals. */
import type { Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import { breakGlassRuns } from './break-glass-runs.js';
import { verifyRuns } from './verify-runs.js';

const openedPerRun = 8;

export const approvals: Group = {
  name: 'approvals',
  figures: ['approve_verify_us', 'break_glass_ms'],
  async run(context) {
    const { measurements, scale, say } = context;
    const us = await verifyRuns(scale.runs);
    say(`an approval is checked in ${us.map((run) => run.toFixed(0)).join(', ')} µs`);
    measurements.record('approve_verify_us', us);
    await withBenchStack(context, {}, async (bench) => {
      const ms = await breakGlassRuns(bench, openedPerRun * scale.runs);
      say(`${ms.length} accounts named, ${Math.min(...ms).toFixed(0)} to ${Math.max(...ms).toFixed(0)} ms`);
      measurements.record('break_glass_ms', ms);
    });
  },
};
