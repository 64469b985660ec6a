/**
 * `ctl hub quarantine` and `ctl hub release`: draft and request in one step, because it is urgent. It takes the approvals of any policy, and
 * holds with the next decided epoch for correlator, witness and key holder alike.
 */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Context } from '../../command/context.js';
import { example } from '../../command/context.js';
import { onDatabase } from '../../command/database.js';
import type { Session } from '../../command/session.js';
import { diffLine, policyDiff } from '../../policy/policy-diff.js';
import { draftFile, fileOption, livePolicy, readDraft, writeDraft } from '../../policy/policy-draft.js';
import type { FileOption, PolicyDraft } from '../../policy/policy-draft.js';
import { promote } from '../../policy/promotion/promote.js';
import type { AskOptions } from '../../policy/promotion/promote.js';
import { StackError } from '../../stack/stack-error.js';
import { arrivalsOfNewest } from '../../top/arrivals.js';
import { movedDraft, previewLines } from './quarantine-preview.js';
import type { EpochCount, Move } from './quarantine-preview.js';

const descriptions: Readonly<Record<Move, string>> = {
  quarantine:
    'ask that nothing of a hub counts for now; its signals are still taken. Once approved, the same command makes it live',
  release:
    'ask that a hub in quarantine counts again, with all that is in the window. Once approved, the same command makes it live',
};

export function addQuarantineCommands(hub: Command, context: Context): void {
  for (const move of ['quarantine', 'release'] as const) {
    hub
      .command(`${move} <origin>`)
      .description(descriptions[move])
      .option('--case <id>', 'the case or incident this belongs to')
      .option('--reason <text>', 'for the record and for those who approve')
      .option('--expires <hours>', 'how long it may be approved and made live', '24')
      .option('--dry-run', 'only show what would change')
      .option(...fileOption)
      .option('--as <id>', 'who asks, of the registry of people (default: CTL_PERSON_ID)')
      .addHelpText(
        'after',
        example(`hub ${move} https://hub.example --case incident-8 --reason "its keys were stolen" --as operator-1`),
      )
      .action(async (origin: string, options: FileOption & AskOptions & { dryRun?: true }, command: Command) => {
        const session = context.session(command);
        const { document: live } = livePolicy(session.policyDir);
        const draft = movedDraft(live, origin, move);
        context.print(policyDiff(live, draft.document).map(diffLine).join('\n'));
        const lines = await countsOf(session, origin, live.windowEpochs).then(
          (counts) => previewLines(origin, move, counts, live.windowEpochs),
          (error: unknown) => [`! what would change cannot be counted: ${(error as Error).message}`], // no reason to wait
        );
        context.print(lines.join('\n'));
        if (options.dryRun) return;
        keep(draftFile(session, options.file), draft, live.version);
        await promote(context, session, draft.document, options);
      });
  }
}

/** Another draft that is being worked on stays; one of a version that is live has done its work. @throws StackError */
function keep(file: string, draft: PolicyDraft, live: number): void {
  if (existsSync(file)) {
    const other = readDraft(file).document;
    if (other.version > live && policyDiff(other, draft.document).length > 0)
      throw new StackError(`there is another draft ${file}`, 'give a file of its own with --file');
  }
  writeDraft(file, draft);
}

const countsOf = (session: Session, hub: string, epochs: number): Promise<EpochCount[]> =>
  onDatabase(session, 'nyms', async (client) => {
    const { rows } = await client.query<EpochCount & { epoch: number | null }>(
      `${arrivalsOfNewest} SELECT epoch, (count(*) FILTER (WHERE state IN ('received', 'counted')))::int AS counting,
         (count(*) FILTER (WHERE state = 'held'))::int AS held
       FROM arrived WHERE hub = $2 AND (epoch IS NULL OR epoch IN (SELECT epoch FROM newest)) GROUP BY epoch`,
      [epochs, hub],
    );
    return rows.map(({ epoch, ...row }) => ({ ...row, epoch: epoch ?? undefined }));
  });
