/** What the key holder's one-shot modes are given: people, passphrases, files. They run in its own process; ctl sees no key. */
import path from 'node:path';
import type { Session } from '../command/session.js';
import { root } from '../stack/root.js';
import { runKeyholder } from '../stack/run-keyholder.js';
import { StackError } from '../stack/stack-error.js';
import { newPassphraseOf, passphraseOf } from './passphrases.js';
import { shareFileAt } from './share-files.js';

export interface CeremonyFlags {
  readonly shares: string;
  readonly threshold: number;
  readonly people: readonly string[];
  readonly passphrases?: string;
}

/** @throws StackError */
export async function ceremonyOf(session: Session, { shares, threshold, people, passphrases }: CeremonyFlags): Promise<object> {
  if (threshold > people.length)
    throw new StackError(`${threshold} of ${people.length} shares cannot be`, 'name more people, or lower --threshold');
  const folder = passphrases === undefined ? undefined : session.path(passphrases);
  const named: object[] = [];
  for (const person of people) named.push({ person, passphrase: await newPassphraseOf(person, folder) });
  return { mode: 'shares', threshold, people: named, sharesDir: session.path(shares) };
}

/** Files with the passphrases that open them. */
export async function lockedShares(session: Session, files: readonly string[], passphrases?: string): Promise<object[]> {
  const folder = passphrases === undefined ? undefined : session.path(passphrases);
  const locked: object[] = [];
  for (const given of files) {
    const file = shareFileAt(session.path(given));
    locked.push({ file, passphrase: await passphraseOf(file.person, folder) });
  }
  return locked;
}

/** @returns what it printed. @throws StackError with its one line */
export async function oneShot(
  mode: 'init' | 'rekey',
  { secrets, set }: { readonly secrets: string; readonly set?: string },
  request: unknown,
): Promise<string> {
  const main = path.join(root, 'dist', 'apps', 'keyholder', 'src', 'main.js');
  const env = { NODE_ENV: 'production', KEYHOLDER_SECRETS_DIR: secrets, KEYHOLDER_UNSEAL: 'shares' };
  try {
    return await runKeyholder([main, mode], { ...env, ...(set && { KEYHOLDER_PARAMETER_SET: set }) }, request);
  } catch (error) {
    throw new StackError(`the key holder did not do it (${(error as Error).message})`, 'mend this and run the command again');
  }
}
