/**
 * `ctl break-glass`: the requester's part, once others have approved it. The handle comes sealed from the key holder, the account sealed from
 * the registrar; both open here and nowhere else, and are printed once.
 */
import type { Command } from 'commander';
import { openAnswer, requestDigest } from '#approvals';
import { canonicalBytes, frame, labels, lookedUpAccount, lookupAnswer, toBase64Url } from '#contracts';
import type { ActOutput, ApprovalRequest } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import type { Session } from '../command/session.js';
import { StackError } from '../stack/stack-error.js';
import { Desk } from './desk.js';
import type { Person } from './person.js';
import { personAt } from './person.js';
import { requestOf } from './shown-requests.js';

type Named = Extract<ActOutput, { output: 'handle' }>;

export function addBreakGlassCommand(program: Command, context: Context): void {
  program
    .command('break-glass <id>')
    .description('open an approved break-glass: prints the account, once; only its requester can')
    .option('--as <id>', 'the requester (default: CTL_PERSON_ID)')
    .addHelpText('after', example('break-glass 5lMJx0aQ --as lead-1'))
    .action(async (id: string, { as }: { as?: string }, command: Command) => {
      const session = context.session(command);
      const person = personAt(session, as);
      person.sealKey(); // what is answered once must not be lost for want of a file
      const desk = new Desk(session, person, context.now);
      const { request } = requestOf(await desk.requests(), id);
      if (request.type !== 'break-glass') throw new StackError(`${id} is no break-glass`, '`ctl request execute` carries it out');
      const output = await desk.execute(request);
      if (output.output !== 'handle') throw new StackError('the key holder answered something else', 'look into its log');
      context.print(`handle  ${output.warrant.handle}`);
      context.print(`account ${(await accountOf(session, person, request, output)) ?? 'none any more: it was deleted'}`);
    });
}

/** Of the registrar, for this person only. @throws StackError */
export async function accountOf(
  session: Pick<Session, 'url'>,
  person: Person,
  request: ApprovalRequest,
  { warrant, signature: warrantSignature }: Named,
): Promise<string | null> {
  const signature = toBase64Url(person.key.sign(frame(labels.lookup, canonicalBytes(warrant))));
  const { sealed } = await callService({
    service: 'registrar',
    url: `${session.url('registrar')}/v1/handles/lookup`,
    body: { warrant, warrantSignature, signature },
    answer: lookupAnswer,
  });
  const opened = lookedUpAccount.safeParse(await openAnswer(person.sealKey(), requestDigest(request), sealed));
  if (opened.success) return opened.data.account;
  throw new StackError('the registrar’s answer does not open', 'check your seal key');
}
