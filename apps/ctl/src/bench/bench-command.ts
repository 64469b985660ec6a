/** `ctl bench`, which is `npm run bench`: measures the named figures, prints them as a table, and writes them as JSON. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Context } from '../command/context.js';
import { StackError } from '../stack/stack-error.js';
import { untilTold } from '../start/until-told.js';
import { approvals } from './approvals/approvals.js';
import type { Group } from './bench-context.js';
import { evidence } from './evidence/evidence.js';
import { pipeline } from './pipeline/pipeline-ratio.js';
import { front } from './front/front-rates.js';
import { notices } from './notices/notices.js';
import { standing } from './standing/signal-to-standing.js';
import { statusLists } from './status/status-lists.js';
import { timing } from './timing/timing.js';
import { reportText } from './report.js';
import { reports } from './reports/reports.js';
import { sealing } from './sealing/sealing.js';
import { runGroups } from './run-groups.js';
import { worlds } from './world/worlds.js';
import { full, quick } from './scale.js';

/** The worlds come last: what is left out when the time is over is the growth of the larger one. */
const groups: readonly Group[] = [
  ...[evidence, sealing, approvals, front, notices, reports, statusLists, timing],
  ...[standing, pipeline, worlds],
];
/** A run that was asked to stop. */
const interrupted = 130;

interface BenchFlags {
  readonly quick?: true;
  readonly json?: string;
  readonly only?: string;
}

export function addBenchCommand(program: Command, { session: open, print, exitWith }: Context): void {
  program
    .command('bench')
    .description('measure the service beside its plain twin; every server on the loopback interface, everything gone afterwards')
    .option('--quick', 'small worlds: 3 minutes instead of 15, and no 200,000 pairs')
    .option('--json <file>', 'write the figures, the machine and what could not be measured')
    .option('--only <groups>', `some of ${groups.map(({ name }) => name).join(',')}`)
    .addHelpText('after', '\nExample:\n  npm run bench -- --quick --json figures.json')
    .action(async (flags: BenchFlags, command: Command) => {
      const session = open(command);
      const told = untilTold((code) => process.exit(code));
      try {
        const scale = flags.quick ? quick : full;
        const report = await runGroups(chosen(flags.only), { scale, signal: told.signal, print });
        if (flags.json !== undefined) writeFileSync(session.path(flags.json), `${JSON.stringify(report, undefined, 2)}\n`);
        print(`\n${reportText(report)}`);
        if (told.signal.aborted) exitWith(interrupted);
        else if (report.figures.length === 0) exitWith(1);
      } finally {
        told.dispose();
      }
    });
}

function chosen(only: string | undefined): readonly Group[] {
  if (only === undefined) return groups;
  const names = only.split(',');
  const unknown = names.filter((name) => !groups.some((group) => group.name === name));
  if (unknown.length > 0)
    throw new StackError(`there is no group ${unknown.join(', ')}`, `take some of ${groups.map(({ name }) => name).join(',')}`);
  return groups.filter(({ name }) => names.includes(name));
}
