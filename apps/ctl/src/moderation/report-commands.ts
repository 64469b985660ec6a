/** `ctl report …`: what hubs report about one pseudonym, and what of it is attested. A moderator's read; it shows no content and no reporter. */
import type { Command } from 'commander';
import { pseudonymReports, pseudonymUri } from '#contracts';
import type { PseudonymReports } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import type { Session } from '../command/session.js';
import { readToken } from '../command/signed.js';
import { table } from '../command/table.js';
import { livePolicy } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';
import { reportHead, reportLines, reportRow } from './shown-reports.js';

interface ReportOptions {
  readonly case: string;
  readonly jti?: string;
}
const caseOption = ['--case <id>', 'the case this belongs to'] as const;
const pseudonym = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';

export function addReportCommands(program: Command, { session: open, print, now }: Context): void {
  const report = program.command('report').description('reports of hubs about a pseudonym');

  report
    .command('list <uri>')
    .description('one line for each')
    .requiredOption(...caseOption)
    .addHelpText('after', example(`report list ${pseudonym} --case 2026-0042`))
    .action(async (uri: string, options: ReportOptions, command: Command) => {
      const reports = await reportsAbout(open(command), uri, options.case, now());
      print(reports.length === 0 ? 'no report' : table(reportHead, reports.map(reportRow)));
    });

  report
    .command('show <uri>')
    .description('each of them in full, with what the hub attests of every message')
    .requiredOption(...caseOption)
    .option('--jti <jti>', 'only this one')
    .addHelpText('after', example(`report show ${pseudonym} --case 2026-0042 --jti 7f1c`))
    .action(async (uri: string, { jti, ...options }: ReportOptions, command: Command) => {
      const reports = await reportsAbout(open(command), uri, options.case, now());
      const chosen = reports.filter((one) => jti === undefined || one.jti === jti);
      print(chosen.length === 0 ? 'no report' : chosen.map(reportLines).join('\n\n'));
    });
}

async function reportsAbout(session: Session, given: string, caseId: string, now: Date): Promise<PseudonymReports['reports']> {
  const uri = pseudonymUri.safeParse(given);
  if (!uri.success) throw new StackError(`${given} is no pseudonym`, 'write mimi://<domain>/p/<name>');
  const { audience } = livePolicy(session.policyDir).document;
  const { reports } = await callService({
    service: 'nyms',
    url: `${session.url('nyms')}/v1/moderation/pseudonyms/${encodeURIComponent(uri.data)}/reports`,
    token: await readToken(session.moderator(), audience, now, { sub_id: { format: 'uri', uri: uri.data }, case: caseId }),
    answer: pseudonymReports,
  });
  return reports;
}
