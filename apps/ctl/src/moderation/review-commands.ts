/**
 * `ctl signal review`, `ctl pseudonym review` and `ctl pseudonym why`: was a hub right, and why was a pseudonym suspended. Reviews are signed
 * here, with the moderator's own key; they change no tally. What is told of a suspension is coarse, and about that pseudonym alone.
 */
import type { Command } from 'commander';
import { dayOf, findings, pseudonymUri, suspensionReasons } from '#contracts';
import type { Finding, ReviewStatement } from '#contracts';
import { z } from 'zod';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import { readToken, signStatement } from '../command/signed.js';
import type { Chosen } from '../command/signed.js';
import { livePolicy } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';
import { reasonsText } from './reasons-text.js';

interface ReviewOptions {
  readonly case: string;
  readonly reason: string;
  readonly finding: string;
  readonly hub?: string;
}
const uriExample = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';

const reviewOptions = (command: Command): Command =>
  command
    .requiredOption('--finding <word>', 'upheld: it was right; overturned: it was not')
    .requiredOption('--case <id>', 'the case this belongs to')
    .option('--reason <text>', 'for the record; no names', '');

export function addReviewCommands({ signal, pseudonym }: { signal: Command; pseudonym: Command }, context: Context): void {
  const review = async (command: Command, chosen: Chosen<ReviewStatement>) => {
    const session = context.session(command);
    const body = signStatement<ReviewStatement>(session.moderator(), chosen, dayOf(context.now()));
    await callService({ service: 'nyms', url: `${session.url('nyms')}/v1/moderation/reviews`, body, answer: z.unknown() });
    context.print(`${chosen.finding}: what has counted stays counted, \`ctl hub trust\` takes it into account`);
  };

  reviewOptions(signal.command('review <hub> <jti>'))
    .description('say whether a signal that has counted was right')
    .addHelpText('after', example('signal review https://hub.example 7f1c --finding overturned --case 2026-0042'))
    .action((hub: string, jti: string, options: ReviewOptions, command: Command) =>
      review(command, { type: 'review-signal', hub, jti, ...said(options) }),
    );

  reviewOptions(pseudonym.command('review <uri>'))
    .description('say whether all that a hub said of a pseudonym was right, as one outcome')
    .requiredOption('--hub <origin>', 'whose signals')
    .addHelpText('after', example(`pseudonym review ${uriExample} --hub https://hub.example --finding upheld --case 2026-0042`))
    .action((uri: string, options: ReviewOptions, command: Command) =>
      review(command, { type: 'review-reports', hub: options.hub ?? '', uri: uriOf(uri), ...said(options) }),
    );

  pseudonym
    .command('why <uri>')
    .description('why it was suspended: a band of operators and reasons, by signals about itself alone')
    .requiredOption('--case <id>', 'the case this belongs to')
    .addHelpText('after', example(`pseudonym why ${uriExample} --case 2026-0042`))
    .action(async (given: string, options: { case: string }, command: Command) => {
      const session = context.session(command);
      const uri = uriOf(given);
      const { audience } = livePolicy(session.policyDir).document;
      const about = { sub_id: { format: 'uri', uri }, case: options.case };
      const token = await readToken(session.moderator(), audience, context.now(), about);
      const url = `${session.url('nyms')}/v1/moderation/pseudonyms/${encodeURIComponent(uri)}/reasons`;
      context.print(reasonsText(await callService({ service: 'nyms', url, token, answer: suspensionReasons })));
    });
}

/** Throws StackError. */
function said({ finding, case: caseId, reason }: ReviewOptions): { finding: Finding; case: string; reason: string } {
  const known = findings.find((one) => one === finding);
  if (known) return { finding: known, case: caseId, reason };
  throw new StackError(`${finding} is no finding`, `write one of ${findings.join(', ')}`);
}

/** Throws StackError. */
function uriOf(given: string): z.output<typeof pseudonymUri> {
  const uri = pseudonymUri.safeParse(given);
  if (uri.success) return uri.data;
  throw new StackError(`${given} is no pseudonym`, 'write mimi://<domain>/p/<name>');
}
