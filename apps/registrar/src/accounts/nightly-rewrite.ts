/** Rewrites the account rows once after each midnight, UTC; a registrar that was down at midnight does it when it starts. */
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Clock, Repeated } from '#platform';
import { EVENTS } from '../events.js';
import type { RegistrarEvents } from '../events.js';
import { RewriteRepository } from './rewrite.repository.js';

const LOOK_MS = 60_000;

@Injectable()
export class NightlyRewrite implements OnApplicationBootstrap, OnApplicationShutdown {
  private doneFor = 0;
  private readonly looks = new Repeated(
    () => this.rewriteOnce(),
    (error) => this.events.emit('rewrite-failed', {}, error),
  );

  constructor(
    private readonly repository: RewriteRepository,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: RegistrarEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start(LOOK_MS);
    void this.look();
  }

  onApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** Does today's rewrite if it is not done. Never rejects: the next look tries again. */
  look(): Promise<void> {
    return this.looks.now();
  }

  private async rewriteOnce(): Promise<void> {
    const day = this.clock.today();
    if (this.doneFor >= day) return;
    const accounts = await this.repository.rewrite(day);
    this.doneFor = day;
    if (accounts > 0) this.events.emit('accounts-rewritten', { accounts });
  }
}
