/**
 * A rehearsal of intake for hubs (`POST /v1/signals/dry-run`): the same verification and the same refusals, and then what the live policy
 * makes of the event. Stores nothing, counts nothing, and never looks whether the pseudonym is known. It has a limit of its own, so that
 * rehearsals leave the hub's signals their turn.
 */
import { Injectable } from '@nestjs/common';
import type { DryRunAnswer } from '#contracts';
import { isSandbox, mustBeHeld, PolicyStore, signalWeight } from '#policy';
import { assess, verifyHubSet } from '#signals';
import type { AbuseSignal } from '#signals';
import { HubRules } from '../hubs/hub-rules.js';
import { Gate } from '../overload.js';
import { HubStreams } from '../polling/hub-streams.service.js';
import { HubLimits } from './hub-limits.js';
import { hubIn } from './intake.service.js';

/** Rehearsals between arrival and answer. */
const MOST_UNDER_WAY = 64;

@Injectable()
export class DryRun {
  private readonly gate = new Gate(MOST_UNDER_WAY);
  private readonly limits = new HubLimits();

  constructor(
    private readonly rules: HubRules,
    private readonly streams: HubStreams,
    private readonly policies: PolicyStore,
  ) {}

  /** @throws SetRefused as intake would; Problem hub-limit-reached, request-limit-reached, service-unavailable */
  rehearse(token: string): Promise<DryRunAnswer> {
    return this.gate.within(async () => {
      const said = await verifyHubSet(token, this.rules.now());
      this.limits.count(hubIn(said), this.policies.live().document.limits.setsPerSecond, performance.now());
      if ('set' in said) return this.assessed(said.set.signal);
      await this.streams.require(said.stream);
      return { eventKnown: true, payloadValid: true, weight: 0, held: false, sandbox: this.isSandbox(said.stream.hub) };
    });
  }

  private assessed(signal: AbuseSignal): DryRunAnswer {
    const policy = this.policies.live().document;
    const seen = assess(signal, { isKnown: true, mustBeHeld: (type, payload) => mustBeHeld(policy, type, payload) });
    const nothing = { eventKnown: true, payloadValid: true, weight: 0, held: false, sandbox: this.isSandbox(signal.hub) };
    if (seen.outcome === 'ignored') return { ...nothing, eventKnown: seen.why !== 'unknown-type', payloadValid: false };
    if (seen.outcome === 'retraction') return nothing;
    return { ...nothing, held: seen.outcome === 'held', ...signalWeight(policy, seen.eventType, seen.payload) };
  }

  private isSandbox(hub: string): boolean {
    return isSandbox(this.policies.live().document, hub);
  }
}
