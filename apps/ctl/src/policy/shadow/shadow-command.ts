/**
 * `ctl policy shadow`: what other numbers would do, counted by the key holder beside the live policy at each decision, with no effect on
 * anybody. Asking takes approvals as promoting does; reading is for operators.
 */
import type { Command } from 'commander';
import { shadowAnswer } from '#contracts';
import type { Context } from '../../command/context.js';
import { example } from '../../command/context.js';
import { callKeyholder } from '../../command/keyholder-call.js';
import { readToken } from '../../command/signed.js';
import { ask } from '../../approvals/request-commands.js';
import { draftFile, fileOption, livePolicy, readDraft } from '../policy-draft.js';
import type { FileOption } from '../policy-draft.js';
import type { AskOptions } from '../promotion/promote.js';
import { requireCase } from '../promotion/promote.js';
import { shadowOf } from './shadow-of.js';
import { shadowText } from './shadow-text.js';

type ShadowOptions = FileOption & AskOptions & { readonly ask?: true; readonly json?: true };

export function addShadowCommand(policy: Command, context: Context): void {
  policy
    .command('shadow')
    .description('how many accounts would cross under other thresholds, weights, decay, caps or trust, in noisy counts')
    .option('--ask', 'ask for the draft to become the shadow; `ctl request execute` begins it once others have approved it')
    .option(...fileOption)
    .option('--case <id>', 'with --ask: the case or incident this belongs to')
    .option('--reason <text>', 'with --ask: for the record and for those who approve')
    .option('--expires <hours>', 'with --ask: how long it may be approved and begun', '24')
    .option('--as <id>', 'with --ask: who asks, of the registry of people (default: CTL_PERSON_ID)')
    .option('--json', 'as the key holder answers')
    .addHelpText('after', example('policy shadow', 'policy shadow --ask --case ops-14 --reason "T0 80?" --as operator-1'))
    .action((options: ShadowOptions, command: Command) =>
      options.ask ? askFor(context, command, options) : read(context, command, options),
    );
}

async function askFor(context: Context, command: Command, options: ShadowOptions): Promise<void> {
  const session = context.session(command);
  const { document: draft } = readDraft(draftFile(session, options.file));
  const parameters = shadowOf(livePolicy(session.policyDir).document, draft);
  const why = { ...requireCase(options), ...(options.as && { as: options.as }) };
  await ask(context, command, { kind: { type: 'policy-shadow', parameters: () => parameters }, given: '', options: why });
}

async function read({ session: open, now, print }: Context, command: Command, { json }: ShadowOptions): Promise<void> {
  const session = open(command);
  const { audience } = livePolicy(session.policyDir).document;
  const token = await readToken(session.operator(), audience, now());
  const answer = await callKeyholder(session, '/v1/shadow', shadowAnswer, { token });
  print(json ? JSON.stringify(answer, undefined, 2) : shadowText(answer));
}
