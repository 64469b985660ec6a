/** Figures of accountability. */
import type { Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import { appendRuns } from './log-appends.js';
import { verifyLogRuns } from './log-verification.js';

const entries = 100_000;
const appendsPerRun = 20;

export const evidence: Group = {
  name: 'evidence',
  figures: ['audit_append_ms', 'audit_verify_100k_s'],
  async run(context) {
    const { measurements, scale, say } = context;
    const seconds = await verifyLogRuns(entries, scale.runs);
    say(`${entries.toLocaleString('en')} entries verified, ${seconds.map((run) => run.toFixed(1)).join(', ')} s`);
    measurements.record('audit_verify_100k_s', seconds);
    await withBenchStack(context, {}, async (bench) => {
      const ms = await appendRuns(bench, appendsPerRun * scale.runs);
      say(`${ms.length} acts announced, ${Math.min(...ms).toFixed(1)} to ${Math.max(...ms).toFixed(1)} ms`);
      measurements.record('audit_append_ms', ms);
    });
  },
};
