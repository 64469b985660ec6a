/**
 * Runs enforcement as long as the process lives, in two loops: a frame of what is due once a tick, which the policy paces, and a look for
 * force times that may begin a pass of many minutes, during which frames go on. What fails is tried again; it is logged once.
 */
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { NymsEvents } from '../events.js';
import type { NymsMetrics } from '../metrics.js';
import type { Enforcement } from './enforcement.js';

/** However long the tick: a force time, or a key holder that came back, is noticed by then. */
const LONGEST_LOOK_MS = 10_000;

type Loop = 'looking' | 'frames';

export class EnforcementTicker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers = new Map<Loop, NodeJS.Timeout>();
  private readonly running = new Map<Loop, Promise<void>>();
  private readonly failing = new Set<Loop>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly enforcement: Pick<Enforcement, 'show' | 'applyDue'>,
    private readonly metrics: Pick<NymsMetrics, 'revoked'>,
    private readonly events: NymsEvents,
    /** pause between ticks, asked anew each time: the policy may change it */
    private readonly pauseMs: () => number,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule('looking', 0);
    this.schedule('frames', 0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  private schedule(loop: Loop, ms: number): void {
    const timer = setTimeout(() => this.running.set(loop, this.turn(loop)), ms);
    timer.unref();
    this.timers.set(loop, timer);
  }

  private async turn(loop: Loop): Promise<void> {
    let pause = Math.min(this.pauseMs(), LONGEST_LOOK_MS);
    try {
      await (loop === 'looking' ? this.look() : this.apply());
      if (loop === 'frames') pause = this.pauseMs();
      if (this.failing.delete(loop)) this.events.emit('enforcement-resumed', { loop });
    } catch (error) {
      if (!this.failing.has(loop) && !this.stopping.signal.aborted) this.events.emit('enforcement-stopped', { loop }, error);
      this.failing.add(loop);
    }
    if (!this.stopping.signal.aborted) this.schedule(loop, pause);
  }

  private async look(): Promise<void> {
    const selectors = await this.enforcement.show(this.stopping.signal);
    if (selectors > 0) this.events.emit('selectors-shown', { selectors });
  }

  private async apply(): Promise<void> {
    const { revoked, disabled, enabled } = await this.enforcement.applyDue();
    if (revoked > 0) {
      this.metrics.revoked(revoked);
      this.events.emit('pseudonyms-revoked', { count: revoked });
    }
    if (disabled + enabled > 0) this.events.emit('pseudonyms-in-term', { disabled, enabled });
  }
}
