/** Forwards acts that a crash, or a key holder that was away, left without a receipt. */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { Acts } from './acts.service.js';

const SWEEP_MS = 5_000;

@Injectable()
export class ActsSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;
  private waiting = 0;

  constructor(
    private readonly acts: Acts,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep();
    }, ms);
    this.timer.unref();
  }

  private async sweep(): Promise<void> {
    const count = await this.acts.forwardWaiting().catch(() => this.waiting); // health says that the database is away
    if (count > this.waiting) this.events.emit('acts-waiting', { count });
    this.waiting = count;
    if (!this.stopped) this.schedule(SWEEP_MS);
  }
}
