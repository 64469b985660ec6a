/**
 * `ctl signal …` and `ctl pseudonym …`: a moderator's path. Statements are signed here, with the person's own key. Suspending is
 * blind: the receipt is the same whoever is behind the pseudonym, and says nothing about them.
 */
import type { Command } from 'commander';
import { actResponse, dayOf, heldSignals, LONGEST_TERM_DAYS, pseudonymUri } from '#contracts';
import type { ActStatement, SignalStatement } from '#contracts';
import { z } from 'zod';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import { readToken, signStatement } from '../command/signed.js';
import { table } from '../command/table.js';
import { livePolicy } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';
import { addReviewCommands } from './review-commands.js';

interface CaseOptions {
  readonly days?: string;
  readonly case: string;
  readonly reason: string;
}
const caseOption = ['--case <id>', 'the case this belongs to'] as const;
const reasonOption = ['--reason <text>', 'for the record; no names', ''] as const;

export function addModerationCommands(program: Command, context: Context): void {
  const signal = addSignalCommands(program, context);
  const pseudonym = addPseudonymCommands(program, context);
  addReviewCommands({ signal, pseudonym }, context);
}

function addSignalCommands(program: Command, { session: open, print, now }: Context): Command {
  const signal = program.command('signal').description('signals that wait for a moderator');

  signal
    .command('held')
    .description('those that wait')
    .addHelpText('after', example('signal held'))
    .action(async (_options: object, command: Command) => {
      const session = open(command);
      const { audience } = livePolicy(session.policyDir).document;
      const token = await readToken(session.moderator(), audience, now());
      const { held } = await callService({
        service: 'nyms',
        url: `${session.url('nyms')}/v1/moderation/signals?state=held`,
        token,
        answer: heldSignals,
      });
      const rows = held.map(({ hub, jti, uri, event, reason }) => [hub, jti, uri, event.split(':').at(-1) ?? '', reason ?? '']);
      print(rows.length === 0 ? 'no signal waits' : table(['hub', 'jti', 'pseudonym', 'event', 'reason'], rows));
    });

  for (const [name, type, effect] of [
    ['release', 'release-signal', 'counts from the next epoch on'],
    ['reject', 'reject-signal', 'never counts'],
  ] as const) {
    signal
      .command(`${name} <hub> <jti>`)
      .description(`decide on one: it ${effect}`)
      .requiredOption(...caseOption)
      .option(...reasonOption)
      .addHelpText('after', example(`signal ${name} https://hub.example 7f1c --case 2026-0042`))
      .action(async (hub: string, jti: string, options: CaseOptions, command: Command) => {
        const session = open(command);
        const body = signStatement<SignalStatement>(
          session.moderator(),
          { type, hub, jti, case: options.case, reason: options.reason },
          dayOf(now()),
        );
        await callService({ service: 'nyms', url: `${session.url('nyms')}/v1/moderation/signals`, body, answer: z.unknown() });
        print(`decided: ${jti} of ${hub} ${effect}`);
      });
  }
  return signal;
}

function addPseudonymCommands(program: Command, { session: open, print, now }: Context): Command {
  const pseudonym = program
    .command('pseudonym')
    .description('act on the account behind a pseudonym without learning whose it is');
  for (const [type, signer, effect] of [
    ['suspend', 'moderator', 'revokes it and stops new ones; its siblings go when they expire'],
    ['reinstate', 'operator', 'lets the account mint again; what was revoked stays revoked'],
  ] as const) {
    const act = pseudonym
      .command(`${type} <uri>`)
      .description(`${effect} (signed by the ${signer})`)
      .requiredOption(...caseOption)
      .option(...reasonOption);
    if (type === 'suspend')
      act.option('--days <number>', 'for a term that ends by itself: the pseudonym is out of use and comes back');
    act
      .addHelpText('after', example(`pseudonym ${type} mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz --case 2026-0042`))
      .action(async (given: string, options: CaseOptions, command: Command) => {
        const session = open(command);
        const uri = pseudonymUri.safeParse(given);
        if (!uri.success) throw new StackError(`${given} is no pseudonym`, 'write mimi://<domain>/p/<name>');
        const body = signStatement<ActStatement>(
          session[signer](),
          { type, uri: uri.data, case: options.case, reason: options.reason, ...termOf(options) },
          dayOf(now()),
        );
        const { receipt } = await callService({
          service: 'nyms',
          url: `${session.url('nyms')}/v1/moderation/pseudonyms`,
          body,
          answer: actResponse,
        });
        print(`accepted, receipt ${receipt}`);
      });
  }
  return pseudonym;
}

function termOf({ days }: CaseOptions): { days?: number } {
  if (days === undefined) return {};
  const term = Number(days);
  if (!Number.isInteger(term) || term < 1 || term > LONGEST_TERM_DAYS)
    throw new StackError(`${days} is no term`, `give --days as a whole number, ${LONGEST_TERM_DAYS} at most`);
  return { days: term };
}
