/**
 * The key holder's clockwork: retries are forgotten by the hour, and at the turn of a day marks, counts, positions and keys that have
 * had their day go. Runs before anything is answered, and then every few seconds; each step is safe to run again.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { daysUntilFree } from '../cohorts/cohort-rules.js';
import { Positions } from '../cohorts/positions.js';
import { DayLists } from '../day-list/day-lists.js';
import { WrapKeys } from '../day-list/wrap-keys.js';
import { EVENTS } from '../events.js';
import type { KeyholderEvents } from '../events.js';
import { Replacements } from '../handles/replacements.service.js';
import { KeyEpochs } from '../key-epochs/key-epochs.service.js';
import { forgetDeleted } from '../standings/deletions/deletions.repository.js';
import { dropExpired, freePositions, sweepRetries } from './upkeep.repository.js';

const EVERY_MS = 20_000;
const HOUR_MS = 3_600_000;
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private doneDay = -1;
  private doneHour = -1;

  constructor(
    private readonly clock: Clock,
    private readonly policies: PolicyStore,
    private readonly positions: Positions,
    private readonly replacements: Replacements,
    private readonly dayLists: DayLists,
    private readonly wrapKeys: WrapKeys,
    private readonly keyEpochs: KeyEpochs,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.run();
    this.timer = setInterval(() => {
      this.run().catch((error: unknown) => this.events.emit('upkeep-failed', {}, error));
    }, EVERY_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running.catch(() => undefined);
  }

  /** Does what the clock says is due; calls wait for each other. */
  run(): Promise<void> {
    const run = this.running.catch(() => undefined).then(() => this.runNow());
    this.running = run;
    return run;
  }

  private async runNow(): Promise<void> {
    const hour = Math.floor(this.clock.now().getTime() / HOUR_MS);
    const day = this.clock.today();
    if (hour === this.doneHour) return;
    await this.positions.change((transaction) => sweepRetries(transaction, hour));
    if (day !== this.doneDay) await this.turnDay(day);
    this.doneHour = hour;
  }

  private async turnDay(day: number): Promise<void> {
    const freed = await this.positions.change(async (transaction, book) => {
      await this.replacements.turn(transaction, day);
      await dropExpired(transaction, day);
      const slots = await freePositions(transaction, day - daysUntilFree(this.policies.live().document));
      book.release(slots);
      await forgetDeleted(transaction);
      return slots.length;
    });
    await this.keyEpochs.destroyUnused();
    await this.dayLists.today();
    this.events.emit('day-turned', { wrapKeys: this.wrapKeys.accepted(day).length, positionsFreed: freed });
    this.doneDay = day;
  }
}
