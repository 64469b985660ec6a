/** `ctl policy promote`, `approve` and `rollback`: how a version becomes live. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { requestText } from '#approvals';
import type { Context } from '../../command/context.js';
import { example } from '../../command/context.js';
import { confirmed } from '../../approvals/confirmed.js';
import { personAt } from '../../approvals/person.js';
import { readPolicyFile } from '../../stack/policy-files.js';
import { StackError } from '../../stack/stack-error.js';
import { diffLine, policyDiff } from '../policy-diff.js';
import { draftFile, fileOption, livePolicy, nextDraft, readDraft, writeDraft } from '../policy-draft.js';
import type { FileOption } from '../policy-draft.js';
import { promote } from './promote.js';
import type { AskOptions } from './promote.js';
import { approvedBy, peopleFor, promoteOffline } from './promote-offline.js';

const asOption = ['--as <id>', 'who you are, of the registry of people (default: CTL_PERSON_ID)'] as const;
const askOptions = (command: Command): Command =>
  command
    .option(...fileOption)
    .option('--case <id>', 'the case or incident this belongs to')
    .option('--reason <text>', 'for the record and for those who approve')
    .option('--expires <hours>', 'how long it may be approved and made live', '24')
    .option('--offline', 'gather request and approvals in the draft: for the first policy, before there is a key holder')
    .option(...asOption);

type PromoteOptions = FileOption & AskOptions & { readonly offline?: true };

export function addPromotionCommands(policy: Command, context: Context): void {
  const { session: open, print } = context;
  const go = async (command: Command, options: PromoteOptions) => {
    const session = open(command);
    const file = draftFile(session, options.file);
    const draft = readDraft(file);
    if (options.offline) promoteOffline(context, session, { file, draft }, options);
    else await promote(context, session, draft.document, options);
  };

  askOptions(policy.command('promote'))
    .description('ask for a draft to become live; once others have approved it, the same command makes it live')
    .addHelpText('after', example('policy promote --case ops-12 --reason "two hubs more" --as operator-1'))
    .action((options: PromoteOptions, command: Command) => go(command, options));

  askOptions(policy.command('rollback <version>'))
    .description('promote the document of an earlier version, under a new version number')
    .addHelpText('after', example('policy rollback 3 --case incident-9 --reason "threshold was too low" --as operator-1'))
    .action(async (given: string, options: PromoteOptions, command: Command) => {
      const session = open(command);
      const file = draftFile(session, options.file);
      const { document: live } = livePolicy(session.policyDir);
      const draft = nextDraft(readPolicyFile(session.policyDir, Number(given)).document, live.version);
      if (existsSync(file) && policyDiff(readDraft(file).document, draft.document).length > 0)
        throw new StackError(`there is another draft ${file}`, 'give a file of its own with --file');
      if (!existsSync(file)) writeDraft(file, draft);
      print(policyDiff(live, draft.document).map(diffLine).join('\n'));
      await go(command, options);
    });

  policy
    .command('approve')
    .description('read what a draft changes, and add your approval to its file (`promote --offline`)')
    .option(...fileOption)
    .option('--yes', 'sign without asking: for whoever has read it before')
    .option(...asOption)
    .addHelpText('after', example('policy approve --file policy-draft.json --as operator-2'))
    .action(async (options: FileOption & { as?: string; yes?: true }, command: Command) => {
      const session = open(command);
      const file = draftFile(session, options.file);
      const draft = readDraft(file);
      const person = personAt(session, options.as);
      const approved = approvedBy(session, draft, person);
      print(`${requestText(approved.request, peopleFor(session, approved.document))}\n`);
      print(JSON.stringify(approved.document, undefined, 2));
      if (!options.yes && !(await confirmed(`approve this policy as ${person.id}? [y/N] `))) return print('not signed');
      writeDraft(file, approved);
      print(`signed by ${person.id}`);
    });
}
