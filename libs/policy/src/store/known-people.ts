/**
 * The people a process goes by: the registry pinned in its configuration (PEOPLE_FILE), and what `people-<version>.json` files add to it.
 * Public keys only.
 */
import { readFileSync } from 'node:fs';
import { approvedPeople } from '#contracts';
import { People, PeopleChain, PeopleRefused } from '#approvals';
import { isUsablePublicKey, verify } from '#platform';
import { PolicyRefused } from './policy-refused.js';

/** @throws Error in one line when the file is absent, no JSON or no registry */
export function pinnedPeople(file: string): PeopleChain {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`people file: ${file} cannot be read as JSON`);
  }
  try {
    return new PeopleChain(People.read(value, isUsablePublicKey));
  } catch (error) {
    throw new Error(`people file: ${(error as Error).message}`, { cause: error });
  }
}

/** Adds the registry of a file to those that are known. @throws PolicyRefused malformed or unapproved */
export function takePeople(chain: PeopleChain, value: unknown, file: string): People {
  const parsed = approvedPeople.safeParse(value);
  if (!parsed.success) {
    const words = parsed.error.issues.slice(0, 8).map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new PolicyRefused('malformed', words, file);
  }
  try {
    return chain.take(parsed.data, isUsablePublicKey, verify);
  } catch (error) {
    if (error instanceof PeopleRefused) throw new PolicyRefused('unapproved', error.faults, file);
    throw error;
  }
}
