/** Who may look at what: people of the registry, or those of them who have a role, by a short-lived token. */
import { Injectable } from '@nestjs/common';
import { Problem, type PersonRole } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { PeopleRegistry } from './people-registry.js';
import { personOf } from './person-token.js';

@Injectable()
export class Readers {
  constructor(
    private readonly registry: PeopleRegistry,
    private readonly keys: KeyholderKeys,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  /** @param roles any of them, or any person. @returns id of the person. @throws Problem not-authenticated */
  async require(authorization: string | undefined, ...roles: readonly PersonRole[]): Promise<string> {
    const { current: people } = this.registry;
    const person = await personOf(authorization, {
      people,
      audiences: [this.keys.keyHolderId, this.policies.live().document.audience],
      nowMs: this.clock.now().getTime(),
    });
    if (person === undefined || (roles.length > 0 && !people.hasRole(person, ...roles))) throw new Problem('not-authenticated');
    return person;
  }
}
