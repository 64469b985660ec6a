/**
 * Looks every second for subjects that were added and for streams with something due, and wakes who delivers. A wake-up that is lost comes
 * again with the next look; what became due is found by its time, so waits outlast a restart.
 */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { Clock, Repeated, wake } from '#platform';
import { PolicyStore } from '#policy';
import { EVENTS } from '../../events.js';
import type { NymsEvents } from '../../events.js';
import { isToldAnything } from '../authorization/receiver-tokens.js';
import { AddedSubjects } from '../subjects/added-subjects.repository.js';
import { QueueRepository } from './queue.repository.js';

const LOOK_MS = 1_000;

@Injectable()
export class DeliveryWake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private failing = false;
  private readonly looks = new Repeated(
    () => this.look(),
    (error) => {
      if (!this.failing) this.events.emit('delivery-wake-failed', {}, error); // once, not at every look
      this.failing = true;
    },
  );

  constructor(
    @InjectQueue(queues.delivery) private readonly queue: Queue,
    private readonly repository: QueueRepository,
    private readonly added: AddedSubjects,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start(LOOK_MS);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** Now, or with the look that is under way. Never rejects. */
  now(): Promise<void> {
    return this.looks.now();
  }

  private async look(): Promise<void> {
    await this.added.tell();
    const { document } = this.policies.live();
    const due = await this.repository.due(this.clock.now());
    const active = due.filter(({ hub }) => isToldAnything(document, hub));
    for (const { id: stream } of active) await wake(this.queue, 'deliver', { stream });
    this.failing = false;
  }
}
