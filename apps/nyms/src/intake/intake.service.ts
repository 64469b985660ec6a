/**
 * Intake of SETs (RFC 8935, RFC 8936; protocol.md §4): verify, count against the hub's limit, store, wake the queue. The answer is given
 * after the commit, is the same for a replayed SET and for an unknown pseudonym, and does not wait for weighing. Pushed and polled SETs go
 * the same way.
 */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { isSandbox, PolicyStore } from '#policy';
import { SetRefused, SignalsRepository, verifyHubSet } from '#signals';
import type { HubSet, Stored } from '#signals';
import { HubRules } from '../hubs/hub-rules.js';
import { Gate } from '../overload.js';
import { HubStreams } from '../polling/hub-streams.service.js';
import { HubLimits } from './hub-limits.js';
import { WeighingWake } from './weighing-wake.js';

/** Requests between arrival and answer; each may hold 64 KiB. */
const MOST_UNDER_WAY = 1_024;

/** `noted`: an event about the hub's stream, which is no signal. */
export type Taken = Stored | 'noted';

@Injectable()
export class IntakeService {
  private readonly gate = new Gate(MOST_UNDER_WAY);

  constructor(
    private readonly rules: HubRules,
    private readonly limits: HubLimits,
    private readonly repository: SignalsRepository,
    private readonly weighing: WeighingWake,
    private readonly streams: HubStreams,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  /** Resolves once the SET is durable. @throws SetRefused; Problem hub-limit-reached, request-limit-reached, service-unavailable */
  take(token: string): Promise<Taken> {
    return this.gate.within(async () => {
      const said = await verifyHubSet(token, this.rules.now());
      this.limits.count(hubIn(said), this.setsPerSecond, performance.now());
      return this.keep(said);
    });
  }

  /**
   * Of a poll, which stands for one hub: no other is its issuer, and the key it came under is its `jti`. The poller keeps to the limit.
   * @throws SetRefused; Problem service-unavailable
   */
  async takePolled(hub: string, jti: string, token: string): Promise<Taken> {
    const rules = this.rules.now();
    const said = await verifyHubSet(token, { ...rules, hubOf: (issuer) => (issuer === hub ? rules.hubOf(issuer) : undefined) });
    const own = 'set' in said ? said.set.signal.jti : said.stream.jti;
    if (own !== jti) throw new SetRefused('invalid_request', 'jti is not the one it was delivered under');
    return this.keep(said);
  }

  get setsPerSecond(): number {
    return this.policies.live().document.limits.setsPerSecond;
  }

  private async keep(said: HubSet): Promise<Taken> {
    if ('stream' in said) {
      await this.streams.take(said.stream);
      return 'noted';
    }
    const state = isSandbox(this.policies.live().document, said.set.signal.hub) ? 'ignored' : 'received';
    const stored = await this.repository.store(said.set, this.clock.today(), state);
    if (stored === 'stored' && state === 'received') this.weighing.request();
    return stored;
  }
}

export const hubIn = (said: HubSet): string => ('set' in said ? said.set.signal.hub : said.stream.hub);
