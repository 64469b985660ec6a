/**
 * Wakes the correlator's weighing after something was stored. A wake-up may be lost: the sweeper looks into the database every
 * second and wakes again while there is work. Never fails a request; many in a moment become one.
 */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { wake } from '#platform';
import { SignalsRepository } from '#signals';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';

const GATHER_MS = 50;
const SWEEP_MS = 1_000;

@Injectable()
export class WeighingWake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private gathering: NodeJS.Timeout | undefined;
  private sweeping: NodeJS.Timeout | undefined;
  private waking: Promise<void> = Promise.resolve();
  private stopped = false;
  private working = true;

  constructor(
    @InjectQueue(queues.weighing) private readonly queue: Queue,
    private readonly repository: SignalsRepository,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  /** Soon, once for all who ask until then. */
  request(): void {
    if (this.stopped) return;
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.waking = this.wakeNow();
    }, GATHER_MS);
  }

  onApplicationBootstrap(): void {
    this.scheduleSweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.gathering);
    clearTimeout(this.sweeping);
    await this.waking;
  }

  /** Wakes when the database holds work. Rejects when the database is away. */
  async sweep(): Promise<void> {
    if (await this.repository.hasWork()) await this.wakeNow();
  }

  private async wakeNow(): Promise<void> {
    try {
      await wake(this.queue, 'weigh');
      this.working = true;
    } catch (error) {
      if (this.working) this.events.emit('wake-failed', {}, error); // once, not at every look
      this.working = false;
    }
  }

  private scheduleSweep(): void {
    this.sweeping = setTimeout(() => {
      this.waking = this.sweep()
        .catch(() => undefined) // health says that the database is away
        .finally(() => {
          if (!this.stopped) this.scheduleSweep();
        });
    }, SWEEP_MS);
    this.sweeping.unref();
  }
}
