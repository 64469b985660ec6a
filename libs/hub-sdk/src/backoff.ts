/** When to try again: exponential with full jitter, never sooner than the provider's Retry-After (RFC 9110 §10.2.3). Pure. */
export interface RetryRules {
  /** all attempts, the first included */
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

export const defaultRetry: RetryRules = { attempts: 8, firstWaitMs: 200, longestWaitMs: 60_000 };

/** Nothing arrived, or come again: everything else will not change by itself. */
export const isTemporary = (status: number | undefined): boolean =>
  status === undefined || status === 408 || status === 425 || status === 429 || status >= 500;

/** @param failures attempts so far, ≥ 1. @param random in [0, 1) */
export function waitMs(rules: RetryRules, failures: number, retryAfterMs: number, random: number): number {
  const ceiling = Math.min(rules.longestWaitMs, rules.firstWaitMs * 2 ** (failures - 1));
  return Math.max(random * ceiling, retryAfterMs + random * Math.min(retryAfterMs, rules.firstWaitMs));
}

/** Seconds or an HTTP date; 0 for none or nonsense. Bounded, so that a wrong header cannot stop a hub for a day. */
export function retryAfterMs(header: string | null, now: Date, longestMs: number): number {
  if (header === null) return 0;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestMs) : 0;
}
