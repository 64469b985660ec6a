/** `ctl keys rekey begin|confirm|cancel`: new shares for the same secrets, on the key holder's machine. The old ones serve until confirmed. */
import type { Command } from 'commander';
import { ceremonyState } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { ceremonyOf, lockedShares, oneShot } from './ceremony-request.js';
import type { CeremonyFlags } from './ceremony-request.js';
import { sharesNeeded } from './shares-needed.js';

interface BeginFlags extends CeremonyFlags {
  readonly secrets: string;
  readonly old: readonly string[];
  readonly oldPassphrases?: string;
}

const secretsOption = ['--secrets <folder>', "the key holder's secrets folder"] as const;

export function addRekeyCommands(keys: Command, { session: open, print }: Context): void {
  const rekey = keys.command('rekey').description('new shares, in two phases: the old ones serve until all new ones are proven');
  rekey
    .command('begin')
    .description('people with enough old shares make new ones')
    .requiredOption(...secretsOption)
    .requiredOption('--old <share-files...>', 'shares of now, as many as unseal')
    .requiredOption('--shares <folder>', 'where the new share files go, one per person')
    .requiredOption('--people <names...>', 'who gets a new share')
    .option('--threshold <number>', 'how many of them must come together', sharesNeeded, 3)
    .option('--old-passphrases <folder>', 'of the old shares, a file per person instead of typing')
    .option('--passphrases <folder>', 'of the new shares, a file per person instead of typing')
    .addHelpText('after', example('keys rekey begin --secrets secrets --old shares/*.json --shares new --people alice bob carol'))
    .action(async (flags: BeginFlags, command: Command) => {
      const session = open(command);
      const old = await lockedShares(session, flags.old, flags.oldPassphrases);
      const request = { phase: 'begin', old, ceremony: await ceremonyOf(session, flags) };
      const { ceremony } = answerOf(await oneShot('rekey', { secrets: session.path(flags.secrets) }, request));
      print(`new shares in ${session.path(flags.shares)}, of ceremony ${ceremony}; the old ones still unseal`);
      print('give them out, then prove every one of them: ctl keys rekey confirm');
    });

  rekey
    .command('confirm <share-files...>')
    .description('prove every new share; from then on only they unseal')
    .requiredOption(...secretsOption)
    .option('--passphrases <folder>', 'a file per person instead of typing')
    .addHelpText('after', example('keys rekey confirm new/*.json --secrets secrets'))
    .action(async (given: readonly string[], flags: { secrets: string; passphrases?: string }, command: Command) => {
      const session = open(command);
      const shares = await lockedShares(session, given, flags.passphrases);
      const request = { phase: 'confirm', shares };
      const state = answerOf(await oneShot('rekey', { secrets: session.path(flags.secrets) }, request));
      print(
        `${state.commitments.length} of ${state.commitments.length} new shares proven: ${state.threshold} of them unseal from now on`,
      );
      print('destroy the old share files, and old copies of seal.json');
    });

  rekey
    .command('cancel')
    .description('forget new shares that are not confirmed')
    .requiredOption(...secretsOption)
    .addHelpText('after', example('keys rekey cancel --secrets secrets'))
    .action(async (flags: { secrets: string }, command: Command) => {
      const { ceremony } = answerOf(await oneShot('rekey', { secrets: open(command).path(flags.secrets) }, { phase: 'cancel' }));
      print(`the shares of ceremony ${ceremony} unseal, no others`);
    });
}

const answerOf = (printed: string) => ceremonyState.parse(JSON.parse(printed));
