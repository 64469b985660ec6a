/**
 * Whom this key holder knows when it starts: the registries of its own database, which nothing older or other can replace; PEOPLE_FILE while
 * it has none; and approved files that came next while it was down. Refused files are told and left alone: a file stops nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { People, PeopleChain } from '#approvals';
import { approvedPeople } from '#contracts';
import { isUsablePublicKey, type Clock } from '#platform';
import { pinnedPeople, PolicyRefused, takePeople } from '#policy';
import type { Writer } from '../database/writer.js';
import { allPeople } from './people.repository.js';

export interface KnownPeopleOptions {
  readonly writer: Writer;
  readonly peopleFile: string;
  readonly policyDir: string;
  readonly clock: Clock;
  readonly onRefused: (refusal: PolicyRefused) => void;
}

/** @throws PeopleRefused */
export const readPeople = (value: unknown): People => People.read(value, isUsablePublicKey);

/** @throws Error in one line when there is no first registry */
export async function knownPeople({ writer, peopleFile, policyDir, clock, onRefused }: KnownPeopleOptions): Promise<PeopleChain> {
  const [first, ...later] = (await writer.transaction(allPeople)).map((document) => readPeople(JSON.parse(document)));
  const chain = first ? new PeopleChain(first) : pinnedPeople(peopleFile);
  for (const people of later) chain.add(people);
  const now = clock.now().getTime();
  for (;;) {
    const name = `people-${chain.newest.version + 1}.json`;
    const file = path.join(policyDir, name);
    if (!existsSync(file)) return chain;
    try {
      const value = jsonOf(file, name);
      // a new database believes old files, as every other process does; one that has a registry was not to be changed any more
      if (first && expiryOf(value) <= now) throw new PolicyRefused('unapproved', ['the request has expired'], name);
      takePeople(chain, value, name);
    } catch (error) {
      if (!(error instanceof PolicyRefused)) throw error;
      onRefused(error);
      return chain;
    }
  }
}

function jsonOf(file: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new PolicyRefused('unreadable', [], name);
  }
}

/** What does not fit is refused for that. */
const expiryOf = (value: unknown): number => {
  const { success, data } = approvedPeople.safeParse(value);
  return success ? Date.parse(data.request.expiresAt) : Infinity;
};
