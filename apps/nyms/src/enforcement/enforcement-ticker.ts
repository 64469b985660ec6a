/** Runs enforcement tick by tick as long as the process lives. A tick that fails is tried again at the next; it is logged once. */
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NymsEvents } from '../events.js';
import type { Enforcement } from './enforcement.js';

export class EnforcementTicker implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> = Promise.resolve();
  private stopped = false;
  private working = true;

  constructor(
    private readonly enforcement: Enforcement,
    private readonly events: NymsEvents,
    /** pause between ticks, asked anew each time: the policy may change it */
    private readonly pauseMs: () => number,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.ticking;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.ticking = this.tick();
    }, ms);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    try {
      const { revoked } = await this.enforcement.tick();
      if (revoked > 0) this.events.emit('pseudonyms-revoked', { count: revoked });
      if (!this.working) this.events.emit('enforcement-resumed', {});
      this.working = true;
    } catch (error) {
      if (this.working) this.events.emit('enforcement-stopped', {}, error);
      this.working = false;
    }
    if (!this.stopped) this.schedule(this.pauseMs());
  }
}
