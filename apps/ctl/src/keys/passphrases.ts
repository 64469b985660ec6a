/** Passphrases of people: from a folder with one file per person, or typed one after the other. They go no further than the next step. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SHORTEST_PASSPHRASE } from '#platform';
import { StackError } from '../stack/stack-error.js';
import { askHidden } from './prompt.js';

/** @param folder a file per person, named after them; typed when there is none. @throws StackError */
export async function passphraseOf(person: string, folder: string | undefined): Promise<string> {
  return folder === undefined ? askHidden(`Passphrase of ${person} (is not shown): `) : passphraseIn(path.join(folder, person));
}

/** A new one: typed twice. */
export async function newPassphraseOf(person: string, folder: string | undefined): Promise<string> {
  const passphrase = await passphraseOf(person, folder);
  if (passphrase.normalize('NFKC').length < SHORTEST_PASSPHRASE) {
    throw new StackError(
      `the passphrase of ${person} is too short`,
      `choose ${SHORTEST_PASSPHRASE} characters or more, better six words`,
    );
  }
  if (folder === undefined && (await askHidden(`Once more, ${person}: `)) !== passphrase)
    throw new StackError('the two passphrases differ', 'start again');
  return passphrase;
}

export function passphraseIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
  } catch (error) {
    throw new StackError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, 'check the path');
  }
}
