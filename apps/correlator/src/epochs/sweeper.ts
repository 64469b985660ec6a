/**
 * Finds work in the database that no job stands for: after a lost queue, a killed process, or a witness that could not wake us. Runs
 * at the start and every second. It only wakes; what is done is found by whoever is woken.
 */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { wake } from '#platform';
import { ManifestsRepository } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { WeighingService } from '../weighing/weighing.service.js';
import { PipelineService } from './pipeline.service.js';

const everyMs = 1_000;

@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(WeighingService) private readonly weighing: WeighingService,
    @Inject(PipelineService) private readonly pipeline: PipelineService,
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @InjectQueue(queues.weighing) private readonly weighingQueue: Pick<Queue, 'add'>,
    @InjectQueue(queues.epochs) private readonly epochsQueue: Pick<Queue, 'add'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#next(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  /** Wakes whoever has work. */
  async sweep(): Promise<void> {
    if (await this.weighing.hasWork()) await wake(this.weighingQueue, 'weigh');
    if (await this.pipeline.hasOpenEpoch()) await wake(this.epochsQueue, 'tally', { epoch: await this.manifests.newestEpoch() });
  }

  #next(afterMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.events.emit('step-failed', { step: 'sweep' }, error))
        .then(() => this.#next(everyMs));
    }, afterMs);
  }
}
