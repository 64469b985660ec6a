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
    const bucket = this.buckets.get(hub) ?? { tokens: perSecond, filledAt: nowMs };
    this.buckets.set(hub, bucket);
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((nowMs - bucket.filledAt) / 1_000) * perSecond);
    bucket.filledAt = nowMs;
    if (bucket.tokens < 1)
      throw new Problem('hub-limit-reached', { retryAfterMs: Math.ceil(((1 - bucket.tokens) / perSecond) * 1_000) });
    bucket.tokens -= 1;
  }
}
