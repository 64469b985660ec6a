/** `ctl keys …`: the key holder's ceremony and what people do with their shares (docs/key-ceremony.md). */
import type { Command } from 'commander';
import { z } from 'zod';
import { dayOf, toBase64Url, unsealAnswer } from '#contracts';
import type { SealStatement } from '#contracts';
import { unlockShare } from '#platform';
import { keepCertificates } from '../certificates/certificate-folder.js';
import { addCertificatesCommand, certificatesText } from '../certificates/certificates-command.js';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callKeyholder } from '../command/keyholder-call.js';
import { signStatement } from '../command/signed.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';
import { ceremonyOf, oneShot } from './ceremony-request.js';
import type { CeremonyFlags } from './ceremony-request.js';
import { passphraseIn, passphraseOf } from './passphrases.js';
import { addRekeyCommands } from './rekey-commands.js';
import { stateLines, stateOf, untilReady } from './seal-calls.js';
import { addPinCommand } from './pin-command.js';
import { keyEpochsOf, keyEpochTable } from './key-epoch-rows.js';
import { rehearse, shareFileAt } from './share-files.js';
import { sharesNeeded } from './shares-needed.js';

export function addKeysCommands(program: Command, context: Context): void {
  const keys = program.command('keys').description('seal and unseal the key holder; certificates of the processes');
  addInit(keys, context);
  addUnseal(keys, context);
  addSeal(keys, context);
  addRehearse(keys, context);
  addRekeyCommands(keys, context);
  keys
    .command('status')
    .description('sealed or not, which ceremony its shares are of, and what each key epoch is still needed for')
    .addHelpText('after', example('keys status'))
    .action(async (_options: object, command: Command) => {
      const session = context.session(command);
      const state = await stateOf(session);
      for (const line of stateLines(state)) context.print(line);
      if (!state.sealed) context.print(keyEpochTable(await keyEpochsOf(session)));
    });
  addPinCommand(keys, context);
  addCertificatesCommand(keys, context);
}

interface InitFlags extends CeremonyFlags {
  readonly secrets: string;
  readonly set?: string;
  readonly certificates?: string;
}

function addInit(keys: Command, { session: open, print, now }: Context): void {
  keys
    .command('init')
    .description("make a key holder's secrets, and a share for each person; on its machine, once")
    .requiredOption('--secrets <folder>', "the key holder's secrets folder (KEYHOLDER_SECRETS_DIR)")
    .requiredOption('--shares <folder>', 'where the share files go, one per person')
    .requiredOption('--people <names...>', 'who gets a share')
    .option('--threshold <number>', 'how many of them must come together', sharesNeeded, 3)
    .option('--passphrases <folder>', 'a file per person instead of typing')
    .option('--set <name>', 'parameter set, chosen once')
    .option('--certificates <folder>', 'also the certificates of all processes for each other, as `ctl keys certificates` does')
    .addHelpText('after', example('keys init --secrets secrets --shares shares --people alice bob carol dave erin'))
    .action(async (flags: InitFlags, command: Command) => {
      const session = open(command);
      const request = await ceremonyOf(session, flags);
      const secrets = session.path(flags.secrets);
      const { keyHolderId } = JSON.parse(await oneShot('init', { ...flags, secrets }, request)) as { keyHolderId: string };
      print(`key holder ${keyHolderId}: secrets in ${secrets}, its pin for the others in keyholder-public.json there`);
      print(
        `shares in ${session.path(flags.shares)}: give each to its person, keep no copy; ${flags.threshold} of them unseal it`,
      );
      if (flags.certificates === undefined) return;
      const folder = session.path(flags.certificates);
      print(certificatesText(folder, await keepCertificates(folder, { now: now() })));
    });
}

function addUnseal(keys: Command, { session: open, print }: Context): void {
  keys
    .command('unseal <share-file>')
    .description('present your share; the key holder starts when enough people have')
    .option('--passphrase-file <file>', 'instead of typing it')
    .addHelpText('after', example('keys unseal share-alice-Xk3v9Qm1.json'))
    .action(async (given: string, flags: { passphraseFile?: string }, command: Command) => {
      const session = open(command);
      const file = shareFileAt(session.path(given));
      const { sealed, current } = await stateOf(session);
      if (!sealed) return print('it is unsealed already');
      if (current && file.ceremony !== current.ceremony)
        throw new StackError(`this share is of ceremony ${file.ceremony}`, `take the one of ${current.ceremony}`);
      const passphrase = flags.passphraseFile
        ? passphraseIn(session.path(flags.passphraseFile))
        : await passphraseOf(file.person, undefined);
      const share = await unlockShare(file, passphrase).catch((error: Error) => {
        throw new StackError(error.message, 'type it again, or take the file as it was given out');
      });
      const body = { ceremony: file.ceremony, index: file.index, share: toBase64Url(share) };
      share.fill(0);
      const answer = await callKeyholder(session, '/v1/unseal', unsealAnswer, { body });
      if (answer.sealed) return print(`${answer.presented} of ${answer.threshold} shares presented; still sealed`);
      print(`${answer.presented} of ${answer.threshold} shares presented: it opens its secrets`);
      await untilReady(session);
      print('unsealed');
    });
}

function addSeal(keys: Command, { session: open, print, now }: Context): void {
  keys
    .command('seal')
    .description('make the key holder forget its secrets at once; only shares bring them back')
    .requiredOption('--case <id>', 'the incident this belongs to')
    .option('--reason <text>', 'why', '')
    .addHelpText('after', example('keys seal --case incident-7 --reason "the machine is moved"'))
    .action(async (options: { case: string; reason: string }, command: Command) => {
      const session = open(command);
      const body = signStatement<SealStatement>(session.operator(), { type: 'seal', ...options }, dayOf(now()));
      await callKeyholder(session, '/v1/seal', z.unknown(), { body });
      print('sealed: it answers nobody until enough people present their shares');
    });
}

function addRehearse(keys: Command, { session: open, print, exitWith }: Context): void {
  keys
    .command('rehearse <share-files...>')
    .description('prove that these shares work, without unsealing anything; no share leaves this machine')
    .option('--passphrases <folder>', 'a file per person instead of typing')
    .addHelpText('after', example('keys rehearse shares/*.json'))
    .action(async (given: readonly string[], flags: { passphrases?: string }, command: Command) => {
      const session = open(command);
      const { current } = await stateOf(session);
      if (!current) throw new StackError('this key holder unseals itself', 'there are no shares to rehearse');
      const folder = flags.passphrases === undefined ? undefined : session.path(flags.passphrases);
      const proven = new Set<number>();
      const rows: string[][] = [];
      for (const name of given) {
        const file = shareFileAt(session.path(name));
        const result = await rehearse(file, await passphraseOf(file.person, folder), current);
        if (result === 'proven') proven.add(file.index);
        rows.push([file.person, String(file.index), result]);
      }
      print(table(['share of', 'place', 'is'], rows));
      const all = current.commitments.length;
      print(`${proven.size} of ${all} shares proven${proven.size < current.threshold ? `, ${current.threshold} unseal` : ''}`);
      if (rows.some(([, , result]) => result !== 'proven')) exitWith(1);
    });
}
