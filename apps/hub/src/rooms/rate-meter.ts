/** Joins and messages of each pseudonym in this hub, against a limit: told once per window, when the limit is passed. Pure but for its map. */
export const metrics = ['joins', 'messages'] as const;
export type Metric = (typeof metrics)[number];

export interface RateRules {
  readonly windowSeconds: number;
  readonly limits: Readonly<Record<Metric, number>>;
}

export interface Excess {
  readonly metric: Metric;
  readonly observed: number;
  readonly limit: number;
  readonly windowSeconds: number;
}

export const defaultRates: RateRules = { windowSeconds: 60, limits: { joins: 10, messages: 30 } };

export class RateMeter {
  private windowStart = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly rules: RateRules) {}

  /** Counts one; the excess when this one is the first beyond the limit. */
  count(metric: Metric, pseudonym: string, now: Date): Excess | undefined {
    const { windowSeconds, limits } = this.rules;
    const start = Math.floor(now.getTime() / 1_000 / windowSeconds);
    if (start !== this.windowStart) {
      this.windowStart = start;
      this.counts.clear();
    }
    const key = `${metric} ${pseudonym}`;
    const observed = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, observed);
    const limit = limits[metric];
    return observed === limit + 1 ? { metric, observed, limit, windowSeconds } : undefined;
  }
}
