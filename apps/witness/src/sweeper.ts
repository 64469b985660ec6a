/** Finds epochs and trees in the database that no job stands for, at the start and every second; and forgets what left the window. */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { wake } from '#platform';
import { PolicyStore } from '#policy';
import { ManifestsRepository } from '#tallies';
import { AttestingService } from './attesting/attesting.service.js';
import { EVENTS, type WitnessEvents } from './events.js';
import { InspectingService } from './inspecting/inspecting.service.js';
import { MemoryRepository } from './inspecting/memory.repository.js';

const everyMs = 1_000;
/** Sweeps between two looks at what is stored and in no manifest yet, and between two rounds of forgetting. */
const noteEvery = 15;
const forgetEvery = 600;

@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;
  private rounds = 0;

  constructor(
    @Inject(InspectingService) private readonly inspecting: InspectingService,
    @Inject(AttestingService) private readonly attesting: AttestingService,
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(MemoryRepository) private readonly memory: MemoryRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(EVENTS) private readonly events: WitnessEvents,
    @InjectQueue(queues.witnessing) private readonly queue: Pick<Queue, 'add'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#next(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  async sweep(): Promise<void> {
    const epoch = await this.manifests.newestEpoch();
    if (await this.inspecting.hasOpenEpoch()) await wake(this.queue, 'inspect', { epoch });
    else if (await this.attesting.hasOpenTree()) await wake(this.queue, 'attest', { epoch });
    if (++this.rounds % noteEvery === 0) await this.memory.noteStored();
    if (this.rounds % forgetEvery === 0) await this.memory.forgetBefore(epoch - this.policies.live().document.windowEpochs);
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
