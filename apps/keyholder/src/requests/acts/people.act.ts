/**
 * The next version of the registry of people, whole. Every open request dies with the version it was made under. It names the policy that is
 * live now, so that later policies take the new people, for this process and for every other that is given the file.
 */
import { Injectable } from '@nestjs/common';
import { PeopleRefused } from '#approvals';
import type { RequestOf } from '#contracts';
import { AuditLog } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/writer.js';
import { readState } from '../../audit/state.repository.js';
import { readPeople } from '../../people/known-people.js';
import { PeopleRegistry } from '../../people/people-registry.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class PeopleAct implements Act<'people'> {
  readonly type = 'people';
  readonly namesPseudonym = false;

  constructor(
    private readonly registry: PeopleRegistry,
    private readonly log: AuditLog,
  ) {}

  async admits({ parameters }: RequestOf<'people'>, transaction: Transaction): Promise<boolean> {
    try {
      const { version, document } = readPeople(parameters.document);
      const { policyVersion } = await readState(transaction);
      return version === this.registry.current.version + 1 && document.afterPolicy === policyVersion;
    } catch (error) {
      if (error instanceof PeopleRefused) return false;
      throw error;
    }
  }

  async run(transaction: Transaction, { request }: Approved<'people'>): Promise<ActDone> {
    const people = readPeople(request.parameters.document);
    await this.registry.add(transaction, people);
    await this.log.note(transaction, { type: 'people', version: people.version, digest: people.digest });
    return { output: { output: 'nothing' }, after: () => this.registry.follow(people) };
  }
}
