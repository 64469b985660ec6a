/** `ctl backup` and `ctl restore`, on the key holder's machine (docs/backup.md). */
import type { Command } from 'commander';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { StackError } from '../stack/stack-error.js';
import { backUp, restore, type KeyholderPlace } from './backup.js';

const secretsOption = ['--secrets <folder>', "the key holder's secrets folder (KEYHOLDER_SECRETS_DIR)"] as const;

export function addBackupCommands(program: Command, { session: open, print }: Context): void {
  program
    .command('backup <folder>')
    .description(
      "a copy of the key holder's database as of one moment, and of its secrets as they are: sealed; it goes on meanwhile",
    )
    .option(...secretsOption)
    .addHelpText('after', example('backup /mnt/offline/2026-11-02 --secrets /var/lib/nymtally/secrets'))
    .action(async (folder: string, { secrets }: { secrets?: string }, command: Command) => {
      const session = open(command);
      const { digest, manifest, isOpen } = await backUp(session.path(folder), placeOf(session, secrets));
      print(`${manifest.tables.length} tables and ${manifest.secrets.length} files of secrets are in ${session.path(folder)}`);
      print(`write this down, apart from the backup: ${digest}`);
      if (isOpen) print('WARNING: this key holder unseals itself, and so does its backup: whoever has it has every secret');
    });

  program
    .command('restore <folder>')
    .description('put a backup into an empty database and a folder that is empty or not there; checks every file first')
    .option(...secretsOption)
    .option('--digest <hex>', 'the one that was written down: refuses a backup that was edited')
    .addHelpText('after', example('restore /mnt/offline/2026-11-02 --secrets /var/lib/nymtally/secrets --digest 5f0c…'))
    .action(async (folder: string, { secrets, digest }: { secrets?: string; digest?: string }, command: Command) => {
      const session = open(command);
      const { keyHolderId } = await restore(session.path(folder), placeOf(session, secrets), digest);
      print(`key holder ${keyHolderId} is restored. Start it while its log witnesses run: it begins a new generation,`);
      print('and mints and decides nothing until `ctl request restore` has named the last decided epoch (docs/backup.md)');
    });
}

function placeOf(session: Session, secrets: string | undefined): KeyholderPlace {
  const databaseUrl = session.config.settings.keyholderDatabaseUrl ?? session.run()?.env.keyholder?.['KEYHOLDER_DATABASE_URL'];
  if (!databaseUrl) throw new StackError("where the key holder's database is, is not said", 'set CTL_KEYHOLDER_DATABASE_URL');
  return { databaseUrl, secretsDir: secrets === undefined ? session.at.keyholderSecrets : session.path(secrets) };
}
