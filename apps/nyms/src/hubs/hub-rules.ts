/** How nyms checks what a hub signs: by the live policy and the hub's own keys. */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { hubOf, PolicyStore } from '#policy';
import { HubKeys } from '#signals';
import type { SetRules } from '#signals';

@Injectable()
export class HubRules {
  constructor(
    private readonly policies: PolicyStore,
    private readonly keys: HubKeys,
    private readonly clock: Clock,
  ) {}

  now(): SetRules & { readonly now: Date } {
    const { document } = this.policies.live();
    return {
      audience: document.audience,
      now: this.clock.now(),
      hubOf: (issuer) => hubOf(document, issuer),
      keyOf: (hub, kid) => this.keys.keyOf(hub, kid),
    };
  }
}
