/**
 * Reads the key holder's release batches and applies them in order (protocol.md §7). The account side learns a standing here and
 * nowhere else, in batches, at the batch's time.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DAY_MS } from '#contracts';
import { Clock } from '#platform';
import { EVENTS } from '../events.js';
import type { RegistrarEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { FindingsRepository } from '../relations/findings.repository.js';
import { ReleasesRepository } from './releases.repository.js';

/** Injection token: pause between looks, ms. */
export const RELEASE_POLL_MS = Symbol('release poll ms');

@Injectable()
export class ReleasePoller implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private reachable = true;

  constructor(
    private readonly keyholder: KeyholderClient,
    private readonly repository: ReleasesRepository,
    private readonly findings: FindingsRepository,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: RegistrarEvents,
    @Inject(RELEASE_POLL_MS) private readonly pollMs: number,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Applies all batches that are there now, and says what was found related to accounts they marked. Rejects when key holder or database are away. */
  async applyAll(): Promise<void> {
    const batches = await this.keyholder.releasesAfter(await this.repository.cursor());
    for (const batch of batches) {
      if (!(await this.repository.apply(batch, firstDayOfMonth(this.clock.now())))) continue;
      const { number, suspend, reinstate, remove } = batch;
      this.events.emit('release-applied', {
        number,
        suspended: suspend.length,
        reinstated: reinstate.length,
        deleted: remove.length,
      });
    }
    for (const finding of await this.findings.all()) {
      await this.keyholder.propose(finding); // the same again changes nothing there
      await this.findings.drop(finding);
    }
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.looking = this.look();
    }, ms);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    try {
      await this.applyAll();
      if (!this.reachable) this.events.emit('releases-reachable', {});
      this.reachable = true;
    } catch (error) {
      if (this.reachable) this.events.emit('releases-unreachable', {}, error); // once, not at every look
      this.reachable = false;
    }
    if (!this.stopped) this.schedule(this.pollMs);
  }
}

const firstDayOfMonth = (now: Date): number => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) / DAY_MS;
