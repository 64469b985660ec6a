/**
 * Moves epochs on as far as they can go now: settle states, tally what is inspected, decide what is attested. Whatever lacks its input
 * is left, and looked at again when somebody wakes us or the sweeper comes round. Every step finds its work in the database and is safe
 * to run twice; the lock only saves two correlators from folding the same epoch.
 */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { queues } from '#contracts';
import { wake } from '#platform';
import { PolicyStore } from '#policy';
import { busy, locks, ManifestsRepository, TreesRepository, WindowRefused, withLock } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { CorrelatorMetrics } from '../metrics.js';
import { WeighingService } from '../weighing/weighing.service.js';
import { DecidingService } from './deciding.service.js';
import { ShadowTallyingService } from './shadow-tallying.service.js';
import { TallyingService } from './tallying.service.js';

@Injectable()
export class PipelineService {
  /** States of SETs follow the manifests up to here. */
  private settled: number | undefined;

  constructor(
    @Inject(Pool) private readonly pool: Pool,
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest'>,
    @Inject(WeighingService) private readonly weighing: WeighingService,
    @Inject(TallyingService) private readonly tallying: TallyingService,
    @Inject(DecidingService) private readonly deciding: DecidingService,
    @Inject(ShadowTallyingService) private readonly shadows: ShadowTallyingService,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @InjectQueue(queues.witnessing) private readonly witnessing: Pick<Queue, 'add'>,
  ) {}

  /** @returns false when another correlator is at it. */
  async advance(): Promise<boolean> {
    return (await withLock(this.pool, locks.pipeline, () => this.#advance())) !== busy;
  }

  /** Is there a closed epoch that nothing was decided about, or did nobody look since the start? */
  async hasOpenEpoch(): Promise<boolean> {
    const closed = await this.manifests.newestEpoch();
    const tree = await this.trees.newest('negative');
    this.metrics.epochsBehind(closed - (await this.trees.newestDecided('negative')));
    if (this.settled === undefined && closed > 0) return true;
    return closed > (tree?.epoch ?? 0) || tree?.outcome === null || (await this.trees.undecided()).length > 0;
  }

  async #advance(): Promise<void> {
    try {
      await this.#settleStates();
      // deciding first: the next tally begins where the last decision ended
      await this.deciding.decideNext();
      // and the shadow last: nobody waits for it
      const tallied = (await this.tallying.tallyNext()) ?? (await this.shadows.tallyNext());
      if (tallied !== undefined) await wake(this.witnessing, 'attest', { epoch: tallied });
    } catch (error) {
      if (!(error instanceof WindowRefused)) throw error;
      this.events.emit('window-refused', { epoch: error.epoch, reason: error.code });
    }
  }

  async #settleStates(): Promise<void> {
    const newest = await this.manifests.newestEpoch();
    const from = this.settled ?? Math.max(0, newest - 2);
    const manifests = await this.manifests.between(Math.max(1, from), newest);
    const policyOf = (epoch: number) => {
      const manifest = manifests.find((one) => one.epoch === epoch);
      return manifest && this.policies.byDigest(manifest.policyDigest);
    };
    for (let epoch = from + 1; epoch <= newest; epoch++) {
      const policy = policyOf(epoch);
      if (policy) await this.weighing.settle(epoch, policy, policyOf(epoch - 1));
    }
    this.settled = newest;
  }
}
