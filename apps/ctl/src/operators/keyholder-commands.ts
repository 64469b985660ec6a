/** `ctl keyholder …`: what an operator may ask of the key holder. */
import type { Command } from 'commander';
import { z } from 'zod';
import { dayOf } from '#contracts';
import type { UnfreezeStatement } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import { signStatement } from '../command/signed.js';

export function addKeyholderCommands(program: Command, { session: open, print, now }: Context): void {
  const keyholder = program.command('keyholder').description('the process with the decryption key');
  keyholder
    .command('unfreeze')
    .description('let it decide again, after a completely attested tally failed a check')
    .requiredOption('--case <id>', 'the incident this belongs to')
    .option('--reason <text>', 'what was found', '')
    .addHelpText('after', example('keyholder unfreeze --case incident-7 --reason "witness key was copied, replaced"'))
    .action(async (options: { case: string; reason: string }, command: Command) => {
      const session = open(command);
      const body = signStatement<UnfreezeStatement>(session.operator(), { type: 'unfreeze', ...options }, dayOf(now()));
      await callService({
        service: 'key holder',
        via: session.client('keyholder'),
        url: `${session.url('keyholder')}/v1/unfreeze`,
        body,
        answer: z.unknown(),
      });
      print('decisions go on');
    });
}
