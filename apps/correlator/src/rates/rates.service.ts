/**
 * Does a hub send more than is usual for it? Looked at when an epoch is closed, on counts per hub; it stops nothing, people decide. Knows hubs
 * and numbers, never a pseudonym.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PolicyStore, usualRate } from '#policy';
import { ManifestsRepository } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { CorrelatorMetrics } from '../metrics.js';

@Injectable()
export class Rates implements OnApplicationBootstrap, OnModuleDestroy {
  /** SETs of each hub, by epoch: closed epochs never change, and a window of them may hold millions. */
  private readonly arrivals = new Map<number, ReadonlyMap<string, number>>();

  private first: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.first = this.manifests
      .newestEpoch()
      .then((epoch) => (epoch > 0 ? this.look(epoch) : undefined))
      .catch((error: unknown) => this.events.emit('step-failed', { step: 'rates' }, error));
  }

  async onModuleDestroy(): Promise<void> {
    await this.first;
  }

  /** @returns hubs that sent more in this epoch than is usual for them. Never rejects: nothing waits for an alarm. */
  async look(epoch: number): Promise<readonly string[]> {
    try {
      return await this.#over(epoch);
    } catch (error) {
      this.events.emit('step-failed', { step: 'rates' }, error);
      return [];
    }
  }

  async #over(epoch: number): Promise<string[]> {
    const { windowEpochs, hubs } = this.policies.live().document;
    const from = Math.max(1, epoch - windowEpochs);
    for (const known of this.arrivals.keys()) if (known < from) this.arrivals.delete(known);
    const earlier: ReadonlyMap<string, number>[] = [];
    for (let one = from; one < epoch; one++) earlier.push(await this.#arrivalsOf(one));
    const now = await this.#arrivalsOf(epoch);
    const over: string[] = [];
    for (const { id, expectedPerEpoch, sandbox } of hubs) {
      if (sandbox) continue; // it is there to try things, many of them too
      // epochs before its first SET say nothing of it
      const first = earlier.findIndex((counts) => counts.has(id));
      const history = first < 0 ? [] : earlier.slice(first).map((counts) => counts.get(id) ?? 0);
      const rate = usualRate(history, expectedPerEpoch);
      const signals = now.get(id) ?? 0;
      if (!rate || signals <= rate.limit) continue;
      over.push(id);
      this.events.emit('hub-over-usual-rate', { epoch, hub: id, signals, limit: rate.limit });
    }
    this.metrics.overUsualRate(over.length);
    return over;
  }

  async #arrivalsOf(epoch: number): Promise<ReadonlyMap<string, number>> {
    let counts = this.arrivals.get(epoch);
    if (!counts) this.arrivals.set(epoch, (counts = await this.manifests.arrivalsByHub(epoch)));
    return counts;
  }
}
