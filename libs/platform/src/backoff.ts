/** When to ask a program of others again that failed: growing waits, spread so that many do not come together. Pure. */
export interface BackoffRules {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** @param failures in a row, from 1. @param chance from 0 to 1. @param askedMs of Retry-After: never sooner */
export function backoffMs({ firstMs, longestMs }: BackoffRules, failures: number, chance: number, askedMs = 0): number {
  const grown = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(grown * (0.5 + chance / 2), askedMs);
}

/**
 * Retry-After (RFC 9110 §10.2.3), in seconds or as a date; 0 for none, for nonsense, and for what is over. A date is of the other's clock, so
 * it is compared with the time that the same answer names, else with `now`. Bounded, so that a wrong header stops nothing for good.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  now: Date,
  longestMs: number,
): number {
  const text = String([headers['retry-after']].flat()[0] ?? '');
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - timeIn(headers['date'], now);
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestMs);
}

function timeIn(date: string | readonly string[] | undefined, now: Date): number {
  const ms = Date.parse(String(date));
  return Number.isNaN(ms) ? now.getTime() : ms;
}
