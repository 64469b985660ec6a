/**
 * A shadow policy begins, in place of the one before: from the next decision on its numbers are counted beside the live
 * ones, with no effect.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts';
import { shadowFault } from '#policy';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import type { Transaction } from '../../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../../events.js';
import { setShadow } from '../../shadow/shadow.repository.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class PolicyShadowAct implements Act<'policy-shadow'> {
  readonly type = 'policy-shadow';
  readonly namesPseudonym = false;

  constructor(
    private readonly policy: FollowedPolicy,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  async admits({ parameters }: RequestOf<'policy-shadow'>, transaction: Transaction): Promise<boolean> {
    if (!this.policy.isSome) return false;
    const { document } = await this.policy.live(transaction);
    const fault = shadowFault(document, parameters);
    if (fault) this.events.emit('shadow-refused', { fault });
    return fault === undefined;
  }

  async run(transaction: Transaction, { request, digest, signature, approvals }: Approved<'policy-shadow'>): Promise<ActDone> {
    const { digest: base } = await this.policy.live(transaction);
    await setShadow(transaction, { request: digest, base, approved: { request, signature, approvals } });
    return { output: { output: 'nothing' } };
  }
}
