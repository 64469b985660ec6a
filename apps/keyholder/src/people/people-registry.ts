/**
 * The registry of people that this key holder goes by: the newest version in its own database, and those before it. The first one comes from
 * PEOPLE_FILE, once; every later one is approved under the one before, so that whoever can write a file cannot appoint anybody.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { People, PeopleChain } from '#approvals';
import { AuditLog } from '../audit/audit-log.js';
import { Writer, type Transaction } from '../database/writer.js';
import { addPeople, newestPeople } from './people.repository.js';

/** Injection token: the registries that were known at the start; grows with each that is carried out. */
export const PEOPLE = Symbol('people');

@Injectable()
export class PeopleRegistry {
  constructor(
    private readonly writer: Writer,
    private readonly log: AuditLog,
    @Inject(PEOPLE) private readonly chain: PeopleChain,
  ) {}

  /** Writes down what is new to the database: the first registry, or approved ones that came as files while it was down. */
  async open(): Promise<void> {
    await this.writer.transaction(async (transaction) => {
      const stored = await newestPeople(transaction);
      const first = stored ? stored.version + 1 : this.chain.first.version;
      for (let version = first; version <= this.chain.newest.version; version += 1) {
        const people = this.chain.version(version) as People;
        await this.add(transaction, people);
        await this.log.note(transaction, { type: 'people', version, digest: people.digest });
      }
    });
  }

  get current(): People {
    return this.chain.newest;
  }

  /** By which requests of before were judged. */
  withDigest(digest: string): People | undefined {
    return this.chain.withDigest(digest);
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
    this.chain.add(people);
  }
}
