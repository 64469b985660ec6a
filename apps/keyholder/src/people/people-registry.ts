/**
 * The registry of people that this key holder goes by: the newest version in its own database. The first one comes from PEOPLE_FILE, once;
 * every later one by an approved request, so that whoever can write a file cannot appoint anybody.
 */
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { People } from '#approvals';
import { isUsablePublicKey, StartError } from '#platform';
import { AuditLog } from '../audit/audit-log.js';
import { Writer, type Transaction } from '../database/writer.js';
import { addPeople, newestPeople } from './people.repository.js';

@Injectable()
export class PeopleRegistry {
  private newest: People | undefined;

  constructor(
    private readonly writer: Writer,
    private readonly log: AuditLog,
  ) {}

  /** @param file looked at while the database has no version. @throws StartError */
  async open(file: string): Promise<void> {
    this.newest = await this.writer.transaction(async (transaction) => {
      const stored = await newestPeople(transaction);
      if (stored) return readPeople(JSON.parse(stored.document));
      const first = peopleFile(file);
      await this.add(transaction, first);
      await this.log.note(transaction, { type: 'people', version: first.version, digest: first.digest });
      return first;
    });
  }

  get current(): People {
    if (!this.newest) throw new Error('the registry of people is not open yet');
    return this.newest;
  }

  /** As the database has it now: for a check in the transaction of an act. */
  async digestIn(transaction: Transaction): Promise<string | undefined> {
    return (await newestPeople(transaction))?.digest;
  }

  add(transaction: Transaction, people: People): Promise<void> {
    const { version, digest, document } = people;
    return addPeople(transaction, { version, digest, document: JSON.stringify(document) });
  }

  /** Once its version is committed. */
  follow(people: People): void {
    this.newest = people;
  }
}

/** @throws PeopleRefused */
export const readPeople = (value: unknown): People => People.read(value, isUsablePublicKey);

/** @throws StartError naming the first fault */
export function peopleFile(file: string): People {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new StartError('people file: cannot be read as JSON');
  }
  try {
    return readPeople(value);
  } catch (error) {
    throw new StartError(`people file: ${(error as Error).message}`);
  }
}
