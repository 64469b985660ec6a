/**
 * Rate limits of hubs: a token bucket each, of one second's worth. A SET is counted once its signature is known to be the hub's, so
 * nobody can use up another's limit.
 */
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

@Injectable()
export class HubLimits {
  private readonly buckets = new Map<string, Bucket>();

  /** @param nowMs of a clock that only goes forward. @throws Problem hub-limit-reached with the wait */
  count(hub: string, perSecond: number, nowMs: number): void {
    const retryAfterMs = this.take(hub, perSecond, nowMs);
    if (retryAfterMs > 0) throw new Problem('hub-limit-reached', { retryAfterMs });
  }

  /** For who can wait: 0 when it is counted, else the ms after which to ask again. */
  take(hub: string, perSecond: number, nowMs: number): number {
    const bucket = this.buckets.get(hub) ?? { tokens: perSecond, filledAt: nowMs };
    this.buckets.set(hub, bucket);
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((nowMs - bucket.filledAt) / 1_000) * perSecond);
    bucket.filledAt = nowMs;
    if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) / perSecond) * 1_000));
    bucket.tokens -= 1;
    return 0;
  }
}
