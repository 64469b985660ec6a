/** Who may look at the registry and at requests: any person of the registry, by a short-lived token. */
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
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

  /** @returns id of the person. @throws Problem not-authenticated */
  async require(authorization: string | undefined): Promise<string> {
    const person = await personOf(authorization, {
      people: this.registry.current,
      audiences: [this.keys.keyHolderId, this.policies.live().document.audience],
      nowMs: this.clock.now().getTime(),
    });
    if (person === undefined) throw new Problem('not-authenticated');
    return person;
  }
}
