/** Figures of accountability. */
import type { Group } from '../bench-context.js';
import { verifyLogRuns } from './log-verification.js';

const entries = 100_000;

export const evidence: Group = {
  name: 'evidence',
  figures: ['audit_verify_100k_s'],
  async run({ measurements, scale, say }) {
    const seconds = await verifyLogRuns(entries, scale.runs);
    say(`${entries.toLocaleString('en')} entries verified, ${seconds.map((run) => run.toFixed(1)).join(', ')} s`);
    measurements.record('audit_verify_100k_s', seconds);
  },
};
