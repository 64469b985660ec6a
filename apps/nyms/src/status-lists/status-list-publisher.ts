/**
 * Publishes at fixed times, whole multiples of the setting: what ends in between is seen at the next one, with all else that ended, and no
 * publication tells when. Any process may do it; the first does.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Repeated } from '#platform';
import { PolicyStore } from '#policy';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { NymsMetrics } from '../metrics.js';
import { ListTokens } from './list-tokens.js';
import { StatusListsWriter } from './status-lists.writer.js';

/** However long the period: its end is noticed by then. */
const LONGEST_LOOK_MS = 10_000;

@Injectable()
export class StatusListPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners: (() => Promise<void>)[] = [];
  private readonly looks = new Repeated(
    () => this.publishDue(),
    (error) => this.events.emit('status-lists-failed', {}, error),
  );

  constructor(
    private readonly writer: StatusListsWriter,
    private readonly tokens: ListTokens,
    private readonly clock: Clock,
    private readonly metrics: NymsMetrics,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  onApplicationBootstrap(): void {
    void this.looks.now();
    this.looks.start(Math.min(this.tokens.periodSeconds * 1_000, LONGEST_LOOK_MS));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** Called after each look: another process may have published. */
  onPublished(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** Safe at any time, in any number of processes. */
  async publishDue(): Promise<void> {
    const { audience } = this.policies.live().document;
    const at = this.tokens.periodOf(this.clock.now());
    const began = performance.now();
    const lists = await this.writer.publish({
      at,
      today: this.clock.today(),
      tokenOf: (list, ended) => this.tokens.sign(audience, list, at, ended),
    });
    if (lists !== undefined) {
      this.metrics.published((performance.now() - began) / 1_000);
      this.events.emit('status-lists-published', { lists });
    }
    for (const listener of this.listeners) await listener();
  }
}
