/**
 * Weighing: looks at every new SET once and says what becomes of it: it weighs, waits for a moderator, takes another back, or has no
 * effect (protocol.md §5). No number is stored; sums are made anew for every epoch.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { PolicyDocument } from '#contracts';
import { isSandbox, mustBeHeld, PolicyStore } from '#policy';
import { assess, readSet, SetRefused, type AbuseSignal } from '#signals';
import { CorrelatorMetrics } from '../metrics.js';
import { WeighingRepository, type ReceivedSet, type Weighed } from './weighing.repository.js';

@Injectable()
export class WeighingService {
  constructor(
    @Inject(WeighingRepository) private readonly repository: WeighingRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
  ) {}

  hasWork(): Promise<boolean> {
    return this.repository.hasWork();
  }

  /** Until nothing is left. @param policy whose hold rules decide; the live one while no epoch is closed. */
  async drain(policy: PolicyDocument = this.policies.live().document): Promise<void> {
    const weigh = (sets: readonly ReceivedSet[], known: ReadonlySet<string>) => this.#weighAll(policy, sets, known);
    while ((await this.repository.weighSome(weigh)) > 0);
    const { released, rejected } = await this.repository.applyDecisions();
    this.metrics.signals('counted', released);
    this.metrics.signals('rejected', rejected);
  }

  /**
   * After an epoch is closed: states follow the manifest. @param before policy of the epoch before; where the hold rules changed between
   * the two, what was weighed in between is weighed again by those of the manifest, which the tally goes by.
   */
  async settle(epoch: number, policy: PolicyDocument, before: PolicyDocument | undefined): Promise<void> {
    if (before && JSON.stringify(before.hold) !== JSON.stringify(policy.hold)) {
      await this.repository.weighAgain(epoch);
      await this.drain(policy);
    }
    this.metrics.signals('retracted', await this.repository.applyRetractions(epoch));
  }

  #weighAll(policy: PolicyDocument, sets: readonly ReceivedSet[], known: ReadonlySet<string>): Weighed[] {
    const weighed = sets.map((set) => weighOne(policy, set, known));
    for (const { state } of weighed) this.metrics.signals(state, 1);
    return weighed;
  }
}

function weighOne(policy: PolicyDocument, { id, token }: ReceivedSet, known: ReadonlySet<string>): Weighed {
  const signal = signalIn(token);
  if (!signal || isSandbox(policy, signal.hub)) return { id, state: 'ignored' };
  const seen = assess(signal, {
    isKnown: known.has(signal.uri),
    mustBeHeld: (type, payload) => mustBeHeld(policy, type, payload),
  });
  if (seen.outcome !== 'retraction') return { id, state: seen.outcome };
  const { hub, eventType } = signal;
  return { id, state: 'applied', takesBack: { hub, eventType, jti: seen.names } };
}

/** Undefined for a stored token that is none: somebody wrote it past the intake. */
function signalIn(token: string): AbuseSignal | undefined {
  try {
    return readSet(token);
  } catch (error) {
    if (error instanceof SetRefused) return undefined;
    throw error;
  }
}
