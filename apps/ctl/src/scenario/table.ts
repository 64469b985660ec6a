/** The scenario's result on the terminal. */
import Table from 'cli-table3';
import { differsFromProduction } from './scenario-policy.js';
import { faults, rows } from './report.js';
import type { Missed, ScenarioReport } from './report.js';
import type { PolicyDocument } from '#contracts';

export function resultTable(report: ScenarioReport, missed: readonly Missed[], document: PolicyDocument): string {
  const table = new Table({
    head: ['What happened', '', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'left'],
  });
  table.push(...rows(report));
  const lines = ['', table.toString()];
  if (missed.length > 0) {
    lines.push('', 'Abusers not suspended, and why:');
    for (const { pseudonyms, reportedAt, score, threshold } of missed) {
      lines.push(
        `  ${pseudonyms} pseudonyms, reported by ${reportedAt} hubs: trimmed score ${score} is below the threshold ${threshold}`,
      );
    }
  }
  const differences = new Table({ head: ['Differs from production', 'here', 'production'], style: { head: [], border: [] } });
  differences.push(...differsFromProduction(document));
  lines.push('', differences.toString(), '');
  const wrong = faults(report);
  lines.push(
    wrong.length === 0
      ? `All is right (seed ${report.seed}, ${report.seconds.toFixed(1)} s).`
      : [`Not right (seed ${report.seed}, ${report.seconds.toFixed(1)} s):`, ...wrong.map((fault) => `  ${fault}`)].join('\n'),
  );
  return lines.join('\n');
}
