/** The next version of the registry of people, whole. Every open request dies with the version it was made under. */
import { Injectable } from '@nestjs/common';
import { PeopleRefused } from '#approvals';
import type { People } from '#approvals';
import type { RequestOf } from '#contracts';
import type { Transaction } from '../../database/writer.js';
import { PeopleRegistry, readPeople } from '../../people/people-registry.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class PeopleAct implements Act<'people'> {
  readonly type = 'people';
  readonly namesPseudonym = false;

  constructor(private readonly registry: PeopleRegistry) {}

  admits({ parameters }: RequestOf<'people'>): boolean {
    try {
      return this.next(parameters.document).version === this.registry.current.version + 1;
    } catch (error) {
      if (error instanceof PeopleRefused) return false;
      throw error;
    }
  }

  async run(transaction: Transaction, { request }: Approved<'people'>): Promise<ActDone> {
    const people = this.next(request.parameters.document);
    await this.registry.add(transaction, people);
    return { output: { output: 'nothing' }, after: () => this.registry.follow(people) };
  }

  private next(document: RequestOf<'people'>['parameters']['document']): People {
    return readPeople(document);
  }
}
