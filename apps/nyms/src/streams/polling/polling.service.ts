/**
 * Poll delivery (RFC 8936): acknowledges, notes errors, and gives what waits, again and again until it is acknowledged. A poll that may
 * wait does so for half a minute at most, and only a bounded number of them: who comes too much is answered at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Problem } from '#contracts';
import type { HubEntry, PollAnswer, PollRequest } from '#contracts';
import type { Clock } from '#platform';
import type { StreamsRepository } from '../configuration/streams.repository.js';
import type { DeliveryMetrics } from '../delivery/delivery-metrics.js';
import type { Queued, QueueRepository, Settled } from '../delivery/queue.repository.js';

const USUAL_EVENTS = 100;
const MOST_EVENTS = 1_000;
const LONGEST_WAIT_MS = 25_000;
const LOOK_MS = 500;
const MOST_WAITING = 256;
const MOST_WAITING_OF_A_STREAM = 2;

export class Polling implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, number>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly streams: StreamsRepository,
    private readonly queue: QueueRepository,
    private readonly metrics: DeliveryMetrics,
    private readonly clock: Clock,
    private readonly longestWaitMs = LONGEST_WAIT_MS,
  ) {}

  /** Polls that wait are answered with nothing. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** @param gone aborts when the receiver has hung up. @throws Problem not-found for a stream that is not polled, or not this hub's */
  async poll(hub: HubEntry, id: string, asked: PollRequest, gone?: AbortSignal): Promise<PollAnswer> {
    const stream = await this.streams.find(hub.id, id);
    if (stream?.method !== 'poll') throw new Problem('not-found');
    await this.settle(id, asked);
    const most = Math.min(asked.maxEvents ?? USUAL_EVENTS, MOST_EVENTS);
    if (most === 0 && asked.returnImmediately) return { sets: {} };
    const found = await this.take(hub.id, id, most);
    if (found.length > 0 || asked.returnImmediately || !this.mayWait(id)) return answerOf(found, most);
    return answerOf(await this.wait(hub.id, id, most, gone), most);
  }

  private async settle(id: string, { ack = [], setErrs = {} }: PollRequest): Promise<void> {
    const settled: Settled[] = [
      ...Object.entries(setErrs).map(([jti, { err }]): Settled => ({ jti, outcome: 'refused', err })),
      ...ack.filter((jti) => !Object.hasOwn(setErrs, jti)).map((jti): Settled => ({ jti, outcome: 'delivered' })),
    ];
    for (const outcome of ['refused', 'delivered'] as const) {
      const some = settled.filter((one) => one.outcome === outcome);
      const count = await this.queue.settle(id, some, this.clock.today());
      this.metrics.settled('poll', outcome, count);
    }
  }

  /** One more than is given, to know whether there is more. A stream's status counts as it is now. */
  private async take(hub: string, id: string, most: number): Promise<Queued[]> {
    const stream = await this.streams.find(hub, id);
    if (!stream || stream.status === 'disabled' || most === 0) return [];
    return this.queue.next(id, stream.status === 'enabled', most + 1);
  }

  private mayWait(id: string): boolean {
    const all = [...this.waiting.values()].reduce((sum, count) => sum + count, 0);
    return all < MOST_WAITING && (this.waiting.get(id) ?? 0) < MOST_WAITING_OF_A_STREAM && !this.stopping.signal.aborted;
  }

  private async wait(hub: string, id: string, most: number, gone: AbortSignal | undefined): Promise<Queued[]> {
    const signal = gone ? AbortSignal.any([gone, this.stopping.signal]) : this.stopping.signal;
    const end = performance.now() + this.longestWaitMs;
    this.waiting.set(id, (this.waiting.get(id) ?? 0) + 1);
    try {
      while (performance.now() < end) {
        await sleep(Math.min(LOOK_MS, Math.max(0, end - performance.now())), undefined, { signal, ref: false });
        const found = await this.take(hub, id, most);
        if (found.length > 0) return found;
      }
      return [];
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    } finally {
      const left = (this.waiting.get(id) ?? 1) - 1;
      if (left > 0) this.waiting.set(id, left);
      else this.waiting.delete(id);
    }
  }
}

const answerOf = (found: readonly Queued[], most: number): PollAnswer => ({
  sets: Object.fromEntries(found.slice(0, most).map(({ jti, token }) => [jti, token])),
  ...(found.length > most && { moreAvailable: true }),
});
