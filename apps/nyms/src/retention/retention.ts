/**
 * Retention: signals and their reviews a week after they have left the window, selectors and pseudonyms once they have expired and left it,
 * what is queued for hubs and what was. Runs at start and once each day.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DAY_MS } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { Clock, Repeated } from '#platform';
import { PolicyStore } from '#policy';
import { SignalsRepository } from '#signals';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { BacklogRepository } from '../streams/delivery/backlog.repository.js';
import { ReviewsRepository } from '../trust/reviews.repository.js';
import { RetentionRepository } from './retention.repository.js';

const LOOK_MS = 600_000;
/** A SET may be a week old when it comes; while it could come again, its row must be there to know it. */
const SIGNAL_DAYS = 7;
/** Longer than a credential lives: what a hub has not taken by then, its certificates have told it. */
const NOTICE_DAYS = 90;
const LOG_DAYS = 30;
const HOURS_OF_DAY = 24;

/** Whole days that a window may reach back. */
export const windowDays = ({ windowEpochs, epochSeconds }: Pick<PolicyDocument, 'windowEpochs' | 'epochSeconds'>): number =>
  Math.ceil((windowEpochs * epochSeconds * 1_000) / DAY_MS);

@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private doneFor: number | undefined;
  private readonly looks = new Repeated(
    () => this.look(),
    (error) => this.events.emit('retention-failed', {}, error),
  );

  constructor(
    private readonly signals: SignalsRepository,
    private readonly repository: RetentionRepository,
    private readonly reviews: ReviewsRepository,
    private readonly deliveries: BacklogRepository,
    private readonly clock: Clock,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  onApplicationBootstrap(): void {
    void this.looks.now();
    this.looks.start(LOOK_MS);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** Safe at any time, in any number of processes. */
  async removeOld(): Promise<void> {
    const today = this.clock.today();
    const window = windowDays(this.policies.live().document);
    const signals = await this.signals.removeClosedBefore(today - window - SIGNAL_DAYS);
    await this.reviews.removeBefore(today - window - SIGNAL_DAYS);
    const selectors = await this.repository.removeSelectors(today - window);
    const pseudonyms = await this.repository.removePseudonyms(today - window);
    await this.removeOldDeliveries(today);
    if (signals + selectors + pseudonyms > 0) this.events.emit('retention-done', { signals, selectors, pseudonyms });
    this.doneFor = today;
  }

  /** After pseudonyms, since subjects go with theirs. */
  private async removeOldDeliveries(today: number): Promise<void> {
    const expired = await this.deliveries.expire((today - NOTICE_DAYS) * HOURS_OF_DAY, today);
    const lines = await this.deliveries.removeLog(today - LOG_DAYS);
    const subjects = await this.deliveries.removeSubjects();
    if (expired + lines + subjects > 0) this.events.emit('deliveries-removed', { expired, lines, subjects });
  }

  private async look(): Promise<void> {
    if (this.doneFor !== this.clock.today()) await this.removeOld();
  }
}
