/** `ctl keys certificates`: makes and renews what the processes know each other by. */
import type { Command } from 'commander';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';
import { certifiedNames } from './authority.js';
import type { Certified } from './authority.js';
import { keepCertificates, RENEW_DAYS } from './certificate-folder.js';
import type { KeptCertificate } from './certificate-folder.js';

interface Flags {
  readonly all?: true;
  readonly for?: readonly string[];
}

/** @param keys the group `ctl keys` */
export function addCertificatesCommand(keys: Command, { session: open, print }: Context): void {
  keys
    .command('certificates [folder]')
    .description(`certificates of the processes for each other: made when missing, renewed below ${RENEW_DAYS} days`)
    .option('--for <names...>', `only for these (${certifiedNames.join(', ')})`)
    .option('--all', 'anew, however long they are still good')
    .addHelpText(
      'after',
      example('keys certificates /secure/nymtally-tls', 'keys certificates /secure/nymtally-tls --all --for nyms'),
    )
    .action(async (given: string | undefined, flags: Flags, command: Command) => {
      const session = open(command);
      const folder = given === undefined ? session.at.tls : session.path(given);
      const kept = await keepCertificates(folder, {
        now: new Date(),
        ...(flags.all && { all: true }),
        ...(flags.for && { names: flags.for.map(known) }),
      });
      print(certificatesText(folder, kept));
    });
}

export function certificatesText(folder: string, kept: readonly KeptCertificate[]): string {
  const rows = kept.map(({ name, expiresAt, was }) => [name, expiresAt.toISOString().slice(0, 10), was]);
  const where = `${folder}: ca.pem goes to every machine, <name>/ to the machine of that process, authority/ stays here`;
  return `${table(['certificate of', 'good until', 'was'], rows)}\n${where}`;
}

function known(name: string): Certified {
  const found = certifiedNames.find((one) => one === name);
  if (found) return found;
  throw new StackError(`${name} has no certificate`, `name some of ${certifiedNames.join(', ')}`);
}
