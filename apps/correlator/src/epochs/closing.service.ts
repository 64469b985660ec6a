/** Closes an epoch: weighs what has come, then names every SET and decision that no earlier manifest names (protocol.md §5). */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { Clock, SigningKey, wake } from '#platform';
import { PolicyStore } from '#policy';
import { ManifestsRepository, type SignedManifest } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { CorrelatorMetrics } from '../metrics.js';
import { Rates } from '../rates/rates.service.js';
import { WeighingService } from '../weighing/weighing.service.js';

@Injectable()
export class ClosingService {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(WeighingService) private readonly weighing: WeighingService,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live' | 'look'>,
    @Inject(SigningKey) private readonly key: SigningKey,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @Inject(Rates) private readonly rates: Pick<Rates, 'look'>,
    @InjectQueue(queues.witnessing) private readonly witnessing: Pick<Queue, 'add'>,
  ) {}

  /** Resolves when the manifest is committed. The witnesses find it by themselves when the wake-up is lost. */
  async close(): Promise<SignedManifest> {
    this.policies.look(); // the key holder decides under the newest policy only, and one may have been installed a moment ago
    const { digest } = this.policies.live();
    await this.weighing.drain();
    const closing = { policyDigest: digest, closedDay: this.clock.today() };
    const manifest = await this.manifests.close(closing, (message) => this.key.sign(message));
    this.metrics.closed(manifest.epoch, performance.now());
    this.events.emit('epoch-closed', { epoch: manifest.epoch, entries: manifest.size });
    await wake(this.witnessing, 'inspect', { epoch: manifest.epoch });
    await this.rates.look(manifest.epoch);
    return manifest;
  }
}
