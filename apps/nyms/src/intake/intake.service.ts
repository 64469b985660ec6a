/**
 * Intake of SETs (RFC 8935; protocol.md §4): verify, count against the hub's limit, store, wake the queue. The answer is given after the
 * commit, is the same for a replayed SET and for an unknown pseudonym, and does not wait for weighing.
 */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { SignalsRepository, verifySet } from '#signals';
import type { Stored } from '#signals';
import { HubRules } from '../hubs/hub-rules.js';
import { Gate } from '../overload.js';
import { HubLimits } from './hub-limits.js';
import { WeighingWake } from './weighing-wake.js';

/** Requests between arrival and answer; each may hold 64 KiB. */
const MOST_UNDER_WAY = 1_024;

@Injectable()
export class IntakeService {
  private readonly gate = new Gate(MOST_UNDER_WAY);

  constructor(
    private readonly rules: HubRules,
    private readonly limits: HubLimits,
    private readonly repository: SignalsRepository,
    private readonly weighing: WeighingWake,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  /** Resolves once the SET is durable. @throws SetRefused; Problem hub-limit-reached, request-limit-reached, service-unavailable */
  take(token: string): Promise<Stored> {
    return this.gate.within(async () => {
      const set = await verifySet(token, this.rules.now());
      this.limits.count(set.signal.hub, this.policies.live().document.limits.setsPerSecond, performance.now());
      const stored = await this.repository.store(set, this.clock.today());
      if (stored === 'stored') this.weighing.request();
      return stored;
    });
  }
}
