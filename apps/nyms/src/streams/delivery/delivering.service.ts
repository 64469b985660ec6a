/**
 * Pushes what a stream's queue holds, batch by batch, until it is empty, its endpoint fails, or others should have their turn. An endpoint
 * that takes nothing is tried again after a growing wait; a SET that fails while others go through is given up after a while.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { backoffMs } from '#platform';
import type { Clock } from '#platform';
import type { PolicyStore } from '#policy';
import type { SealKey } from '../configuration/seal-key.js';
import { isToldAnything } from '../authorization/receiver-tokens.js';
import type { DeliveryMetrics } from './delivery-metrics.js';
import type { PushClient, PushResult } from './push-client.js';
import type { LeasedStream, Queued, QueueRepository, Settled } from './queue.repository.js';
import type { StreamEvents } from './stream-events.repository.js';

const BATCH = 256;
/** To one endpoint at once. */
const AT_ONCE = 16;
/** A batch begins nothing after this long, so that it ends within its lease. */
const BATCH_MS = 10_000;
/** Then others come first. */
const TURN_MS = 5_000;
/** Of a SET that alone fails. */
const MOST_ATTEMPTS = 10;
/** Until an endpoint that failed is asked again. */
const PAUSES = { firstMs: 1_000, longestMs: 900_000 };
/** An endpoint that failed for so long is told that we pause, and asked now and then. */
const OUTAGE_MS = 3 * 86_400_000;

/** `again`: there may be more, and nothing is in the way. */
export type Turn = 'done' | 'again';
type Attempt = Queued & { readonly result: PushResult };

export class Delivering implements OnModuleDestroy, OnApplicationShutdown {
  private readonly destroyed = new AbortController();
  /** What is on its way then is sent again later. */
  private readonly stopping: AbortSignal;

  constructor(
    private readonly queue: QueueRepository,
    private readonly streamEvents: StreamEvents,
    private readonly client: Pick<PushClient, 'push' | 'close'>,
    private readonly sealKey: SealKey,
    private readonly policies: Pick<PolicyStore, 'live'>,
    private readonly metrics: DeliveryMetrics,
    private readonly clock: Clock,
    ending: AbortSignal,
  ) {
    this.stopping = AbortSignal.any([ending, this.destroyed.signal]);
  }

  /** Workers wait for what they run, so it must end now. */
  onModuleDestroy(): void {
    this.destroyed.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }

  /** Safe to run twice, also at once: one of them has the stream. */
  async deliver(id: string): Promise<Turn> {
    const holder = randomUUID();
    const end = performance.now() + TURN_MS;
    try {
      for (;;) {
        const stream = await this.queue.lease(id, holder, this.clock.now());
        if (!stream || !this.mayBeTold(stream.hub) || this.stopping.aborted) return 'done';
        const batch = await this.queue.next(id, stream.status === 'enabled', BATCH);
        if (batch.length === 0 || !(await this.send(stream, batch))) return 'done';
        if (performance.now() > end) return 'again';
      }
    } finally {
      await this.queue.release(id, holder);
    }
  }

  /** A suspended hub's notices wait, and so do those of a hub that is in the policy no more. */
  private mayBeTold(hub: string): boolean {
    return isToldAnything(this.policies.live().document, hub);
  }

  /** False when the endpoint is not to be asked further now. */
  private async send(stream: LeasedStream, batch: readonly Queued[]): Promise<boolean> {
    const attempts = await this.pushAll(stream, batch);
    const settled = attempts.flatMap(({ jti, result }): Settled[] => {
      if (result.kind === 'later') return [];
      return [result.kind === 'delivered' ? { jti, outcome: 'delivered' } : { jti, outcome: 'refused', err: result.err }];
    });
    await this.queue.settle(stream.id, settled, this.clock.today());
    for (const { outcome } of settled) this.metrics.settled('push', outcome);
    const failed = attempts.filter(({ result }) => result.kind === 'later');
    const [failure] = failed.map(({ result }) => result).filter((result) => result.kind === 'later');
    if (settled.length > 0) await this.noteWorking(stream);
    if (!failure || this.stopping.aborted) return !this.stopping.aborted;
    this.metrics.failed();
    if (settled.length > 0) await this.noteStubborn(stream.id, failed);
    await this.noteFailing(settled.length > 0 ? { ...stream, failures: 0, failingSince: null } : stream, failure);
    return false;
  }

  /** Stops at the first that fails; what is not reached stays as it is. */
  private async pushAll(stream: LeasedStream, batch: readonly Queued[]): Promise<Attempt[]> {
    const authorization = stream.sealedHeader ? this.sealKey.unseal(stream.id, stream.sealedHeader) : undefined;
    const target = { url: stream.endpointUrl, authorization };
    const waiting = [...batch];
    const attempts: Attempt[] = [];
    const end = performance.now() + BATCH_MS;
    const work = async () => {
      for (let one = waiting.shift(); one; one = waiting.shift()) {
        const result = await this.client.push(target, one.token, this.stopping);
        attempts.push({ ...one, result });
        if (result.kind === 'later' || performance.now() > end) waiting.length = 0;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, batch.length) }, work));
    return attempts;
  }

  private async noteWorking(stream: LeasedStream): Promise<void> {
    await this.queue.noteSuccess(stream.id);
    if (stream.status === 'paused' && stream.statusBy === 'transmitter')
      await this.streamEvents.setStatus(stream.id, 'enabled', undefined, 'transmitter');
  }

  private async noteStubborn(id: string, failed: readonly Attempt[]): Promise<void> {
    const given = failed.filter(({ attempts }) => attempts + 1 >= MOST_ATTEMPTS);
    await this.queue.countAttempts(failed.map(({ jti }) => jti));
    const dead = given.map(({ jti }): Settled => ({ jti, outcome: 'refused', err: 'too_many_attempts' }));
    if (dead.length > 0) await this.queue.settle(id, dead, this.clock.today());
    for (const { outcome } of dead) this.metrics.settled('push', outcome);
  }

  private async noteFailing(
    { id, failures, failingSince, status }: LeasedStream,
    { failure, retryAfterMs }: PushResult & { kind: 'later' },
  ): Promise<void> {
    const now = this.clock.now();
    const waitMs = backoffMs(PAUSES, failures + 1, randomInt(1_000) / 1_000, retryAfterMs);
    await this.queue.noteFailure(id, failure, now, new Date(now.getTime() + waitMs));
    if (status === 'enabled' && failingSince && now.getTime() - failingSince.getTime() >= OUTAGE_MS)
      await this.streamEvents.setStatus(id, 'paused', 'the endpoint does not answer', 'transmitter');
  }
}
