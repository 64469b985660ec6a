/**
 * Poll delivery (RFC 8936): acknowledges, notes errors, and gives what waits, again and again until it is acknowledged. A poll that finds
 * nothing may wait for it (`Arrivals`).
 */
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import type { HubEntry, PollAnswer, PollRequest } from '#contracts';
import { Clock } from '#platform';
import { StreamsRepository } from '../configuration/streams.repository.js';
import { DeliveryMetrics } from '../delivery/delivery-metrics.js';
import { QueueRepository } from '../delivery/queue.repository.js';
import type { Queued, Settled } from '../delivery/queue.repository.js';
import { Arrivals } from './arrivals.js';

const USUAL_EVENTS = 100;
const MOST_EVENTS = 1_000;

@Injectable()
export class Polling {
  constructor(
    private readonly streams: StreamsRepository,
    private readonly queue: QueueRepository,
    private readonly metrics: DeliveryMetrics,
    private readonly arrivals: Arrivals,
    private readonly clock: Clock,
  ) {}

  /** @param gone aborts when the receiver has hung up. @throws Problem not-found for a stream that is not polled, or not this hub's */
  async poll(hub: HubEntry, id: string, asked: PollRequest, gone?: AbortSignal): Promise<PollAnswer> {
    const stream = await this.streams.find(hub.id, id);
    if (stream?.method !== 'poll') throw new Problem('not-found');
    await this.settle(id, asked);
    const most = Math.min(asked.maxEvents ?? USUAL_EVENTS, MOST_EVENTS);
    if (most === 0 && asked.returnImmediately) return { sets: {} };
    const found = await this.take(hub.id, id, most);
    if (found.length > 0 || asked.returnImmediately || !(await this.arrivals.wait(id, gone))) return answerOf(found, most);
    return answerOf(await this.take(hub.id, id, most), most);
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
}

const answerOf = (found: readonly Queued[], most: number): PollAnswer => ({
  sets: Object.fromEntries(found.slice(0, most).map(({ jti, token }) => [jti, token])),
  ...(found.length > most && { moreAvailable: true }),
});
