/**
 * Weighing: looks at every new SET once and says what becomes of it: it weighs, waits for a moderator, takes another back, or has no
 * effect (protocol.md §5). No number is stored; sums are made anew for every epoch.
 */
import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import type { PolicyDocument } from '#contracts';
import { isSandbox, mustBeHeld, PolicyStore, type Policy } from '#policy';
import { assess, readSet, SetRefused, type AbuseSignal } from '#signals';
import { CorrelatorMetrics } from '../metrics.js';
import { WeighingRepository, type ReceivedSet, type Weigh, type Weighed, type WeighedState } from './weighing.repository.js';

@Injectable()
export class WeighingService {
  constructor(
    @Inject(WeighingRepository) private readonly repository: WeighingRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live' | 'versions'>,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
  ) {}

  hasWork(): Promise<boolean> {
    return this.repository.hasWork();
  }

  /** Until nothing is left, by the live policy. */
  async drain(): Promise<void> {
    const weigh = weighBy(this.policies.live().document);
    for (;;) {
      const states = await this.repository.weighSome(weigh);
      if (states.length === 0) break;
      this.#count(states);
    }
    const { released, rejected } = await this.repository.applyDecisions();
    this.metrics.signals('counted', released);
    this.metrics.signals('rejected', rejected);
  }

  /**
   * After an epoch is closed: states follow the manifest and its policy, which the tally goes by. A SET of it was weighed by whatever
   * policy was live at that moment, so where any of those holds others, all of them are weighed again.
   * @param before policy of the epoch before, if there was one
   */
  async settle(epoch: number, policy: Policy, before: Policy | undefined): Promise<void> {
    const weigh = weighBy(policy.document);
    this.#count(await this.repository.weighEpoch(epoch, ['received'], weigh)); // first: now no later policy can weigh one of its SETs
    const since = this.policies.versions().filter(({ version }) => version >= (before?.version ?? 0));
    if (since.some(({ document }) => !isDeepStrictEqual(document.hold, policy.document.hold))) {
      this.#count(await this.repository.weighEpoch(epoch, ['counted', 'held'], weigh));
    }
    this.metrics.signals('retracted', await this.repository.applyRetractions(epoch));
  }

  #count(states: readonly WeighedState[]): void {
    for (const state of states) this.metrics.signals(state, 1);
  }
}

const weighBy =
  (policy: PolicyDocument): Weigh =>
  (sets, known) =>
    sets.map((set) => weighOne(policy, set, known));

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
