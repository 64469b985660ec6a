/** Figures of MIMI AbuseReports: reading their bytes, which every tally does, and checking a frank's signature, which a moderator's read does. */
import { decodeAbuseReport } from '#mimi';
import type { Group } from '../bench-context.js';
import { benchReports } from './report-bytes.js';
import type { BenchReport } from './report-bytes.js';

const count = 2_000;

export const reports: Group = {
  name: 'reports',
  figures: ['abuse_report_decode_us', 'abuse_report_verify_us'],
  async run({ measurements, scale, say }) {
    const { reports: all, key } = benchReports(count);
    const decode = runs(scale.runs, all, ({ bytes }) => decodeAbuseReport(bytes).messages.length === 1);
    measurements.record('abuse_report_decode_us', decode);
    const verify = runs(scale.runs, all, ({ frank, context }) => key.attests(frank, context));
    measurements.record('abuse_report_verify_us', verify);
    say(
      `a report is read in ${decode.map((us) => us.toFixed(1)).join(', ')} µs, a frank checked in ${verify.map((us) => us.toFixed(0)).join(', ')} µs`,
    );
  },
};

/** @returns µs for each report, over all of them, once a run; the first time around is not counted */
function runs(times: number, all: readonly BenchReport[], isGood: (report: BenchReport) => boolean): number[] {
  const once = (): number => {
    const begun = performance.now();
    for (const report of all) if (!isGood(report)) throw new Error('a good report was refused');
    return ((performance.now() - begun) * 1_000) / all.length;
  };
  once();
  return Array.from({ length: times }, once);
}
