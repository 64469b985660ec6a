/** Rewrites the account rows once after each midnight, UTC; a registrar that was down at midnight does it when it starts. */
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#platform';
import { EVENTS } from '../events.js';
import type { RegistrarEvents } from '../events.js';
import { RewriteRepository } from './rewrite.repository.js';

const LOOK_MS = 60_000;

@Injectable()
export class NightlyRewrite implements OnApplicationBootstrap, OnApplicationShutdown {
  private doneFor = 0;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly repository: RewriteRepository,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: RegistrarEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
    void this.look();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Does today's rewrite if it is not done. Never rejects: the next look tries again. */
  look(): Promise<void> {
    this.running ??= this.rewriteOnce().finally(() => (this.running = undefined));
    return this.running;
  }

  private async rewriteOnce(): Promise<void> {
    const day = this.clock.today();
    if (this.doneFor >= day) return;
    try {
      const accounts = await this.repository.rewrite(day);
      this.doneFor = day;
      if (accounts > 0) this.events.emit('accounts-rewritten', { accounts });
    } catch (error) {
      this.events.emit('rewrite-failed', {}, error);
    }
  }
}
