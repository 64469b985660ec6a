/** Signals that wait for a moderator, and the moderator's signed decision on one. What was decided counts from the next epoch on. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Problem } from '#contracts';
import type { heldSignals, Signed, SignalStatement } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { readSet, SignalsRepository } from '#signals';
import { WeighingWake } from '../intake/weighing-wake.js';
import { requireModerator, requireRecent, requireSigner } from './signatures.js';

@Injectable()
export class HeldSignals {
  constructor(
    private readonly repository: SignalsRepository,
    private readonly policies: PolicyStore,
    private readonly weighing: WeighingWake,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem not-authenticated */
  async list(authorization: string | undefined): Promise<z.input<typeof heldSignals>> {
    await requireModerator(authorization, { policy: this.policies.live().document, now: this.clock.now() });
    const held = (await this.repository.held()).map(({ hub, jti, uri, eventType, token, receivedDay }) => {
      const { reason } = readSet(token).payload;
      return { hub, jti, uri, event: eventType, day: receivedDay, ...(typeof reason === 'string' && { reason }) };
    });
    return { held };
  }

  /** The same statement again changes nothing. @throws Problem not-permitted, request-malformed; not-found when no such signal waits */
  async decide(signed: Signed<SignalStatement>): Promise<void> {
    requireSigner(signed, this.policies.live().document, this.policies.people.newest);
    requireRecent(signed.statement, this.clock.today());
    if ((await this.repository.decide(signed)) === 'refused') throw new Problem('not-found');
    this.weighing.request();
  }
}
