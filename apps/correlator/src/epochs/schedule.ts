/**
 * Closes epochs by the clock: at every whole multiple of the live policy's `epochSeconds`. Of several correlators one leads: whoever
 * holds the advisory lock, which dies with its connection. A boundary that nobody was there for is not made up, but a whole day is.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { DAY_MS } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { locks, ManifestsRepository } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { ClosingService } from './closing.service.js';

/** setTimeout's longest wait is 24.8 days; a new policy is noticed sooner. */
const longestWaitMs = 60_000;

/** Time until the next boundary, 1 ms at least. */
export const untilBoundary = (nowMs: number, epochSeconds: number): number => {
  const lengthMs = epochSeconds * 1_000;
  return Math.max(1, (Math.floor(nowMs / lengthMs) + 1) * lengthMs - nowMs);
};

@Injectable()
export class Schedule implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private closing: Promise<unknown> = Promise.resolve();
  private lead: PoolClient | undefined;
  private stopped = false;

  constructor(
    @Inject(Pool) private readonly pool: Pool,
    @Inject(ClosingService) private readonly service: ClosingService,
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.closing = this.#tick(this.#closeMissedDay());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.closing;
    this.lead?.release(true);
    this.lead = undefined;
  }

  #wait(): void {
    if (this.stopped) return;
    const untilMs = untilBoundary(this.clock.now().getTime(), this.policies.live().document.epochSeconds);
    const waitMs = Math.min(untilMs, longestWaitMs);
    this.timer = setTimeout(() => (this.closing = this.#tick(untilMs === waitMs ? this.#close() : undefined)), waitMs);
  }

  #tick(work: Promise<unknown> | undefined): Promise<void> {
    return Promise.resolve(work)
      .catch((error: unknown) => this.events.emit('step-failed', { step: 'close' }, error))
      .then(() => this.#wait());
  }

  async #close(): Promise<void> {
    if (await this.#leads()) await this.service.close();
  }

  async #closeMissedDay(): Promise<void> {
    const newest = await this.manifests.find(await this.manifests.newestEpoch());
    const missed =
      newest && (this.clock.today() - newest.closedDay) * DAY_MS >= this.policies.live().document.epochSeconds * 1_000;
    if (missed) await this.#close();
  }

  async #leads(): Promise<boolean> {
    if (this.lead) return true;
    const client = await this.pool.connect();
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [locks.schedule]);
    if (!rows[0]?.got || this.stopped) {
      client.release(true);
      return false;
    }
    client.on('error', () => (this.lead = undefined));
    this.lead = client;
    return true;
  }
}
