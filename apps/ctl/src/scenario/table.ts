/** The scenario's result on the terminal. Pure. */
import type { PolicyDocument } from '#contracts';
import { table } from '../command/table.js';
import { faults, rows } from './report.js';
import type { Missed, ScenarioReport } from './report.js';
import { differsFromProduction } from './scenario-policy.js';

export function resultTable(report: ScenarioReport, missed: readonly Missed[], document: PolicyDocument): string {
  const run = `seed ${report.seed}, ${report.seconds.toFixed(1)} s`;
  return [
    '',
    table(['what happened', '', ''], rows(report)),
    ...(missed.length > 0 ? ['', 'Abusers not suspended, and why:'] : []),
    ...missed.map(
      ({ pseudonyms, reportedAt, score, threshold }) =>
        `  ${pseudonyms} pseudonyms, reported by ${reportedAt} hubs: trimmed score ${score} is below the threshold ${threshold}`,
    ),
    '',
    table(['differs from production', 'here', 'production'], differsFromProduction(document)),
    '',
    faults(report).length === 0 ? `All is right (${run}).` : `Not right (${run}).`,
  ].join('\n');
}
