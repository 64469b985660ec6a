/** Counts of the correlator. Labels are outcomes and sides; no hub, no epoch, no pseudonym. */
import { Injectable } from '@nestjs/common';
import { sides, type Side } from '#contracts';
import { Metrics } from '#platform';
import type { CounterMetric, GaugeMetric, HistogramMetric } from '#platform';

export const weighedStates = ['counted', 'held', 'ignored', 'applied', 'retracted', 'rejected'] as const;
const outcomes = ['decided', 'waiting', 'refused', 'frozen', 'superseded'] as const;

@Injectable()
export class CorrelatorMetrics {
  private readonly weighed: CounterMetric<{ state: typeof weighedStates }>;
  private readonly epochs: CounterMetric<{ side: typeof sides; outcome: typeof outcomes }>;
  private readonly pairs: CounterMetric<{ side: typeof sides }>;
  private readonly tallySeconds: HistogramMetric<{ side: typeof sides }>;
  private readonly lagSeconds: HistogramMetric<Record<never, never>>;
  private readonly behind: GaugeMetric<Record<never, never>>;
  private readonly hubsOver: GaugeMetric<Record<never, never>>;
  private readonly closedAt = new Map<number, number>();

  constructor(metrics: Metrics) {
    this.weighed = metrics.counter('correlator_signals_total', 'Signals weighed by state', { state: weighedStates });
    this.epochs = metrics.counter('correlator_epochs_total', 'Tallies by outcome', { side: sides, outcome: outcomes });
    this.pairs = metrics.counter('correlator_folded_pairs_total', 'Pairs of hub and pseudonym folded', { side: sides });
    this.tallySeconds = metrics.histogram('correlator_tally_seconds', 'Time of one tally', [0.1, 1, 10, 60, 600], {
      side: sides,
    });
    this.lagSeconds = metrics.histogram(
      'correlator_tally_lag_seconds',
      'From closing an epoch to its decision',
      [1, 2, 4, 8, 60, 3_600],
    );
    this.behind = metrics.gauge('correlator_epochs_behind', 'Closed epochs after the last decided one');
    this.hubsOver = metrics.gauge(
      'correlator_hubs_over_usual_rate',
      'Hubs that sent more in the last epoch than is usual for them',
    );
  }

  signals(state: (typeof weighedStates)[number], count: number): void {
    this.weighed.add(count, { state });
  }

  closed(epoch: number, atMs: number): void {
    this.closedAt.set(epoch, atMs);
  }

  tallied(side: Side, pairs: number, ms: number): void {
    this.pairs.add(pairs, { side });
    this.tallySeconds.observe(ms / 1_000, { side });
  }

  settled(side: Side, outcome: (typeof outcomes)[number], epoch: number, atMs: number): void {
    this.epochs.inc({ side, outcome });
    if (side === 'positive' || outcome === 'refused' || outcome === 'frozen') return;
    const closed = this.closedAt.get(epoch);
    if (outcome === 'decided' && closed !== undefined) this.lagSeconds.observe((atMs - closed) / 1_000);
    for (const earlier of this.closedAt.keys()) if (earlier <= epoch) this.closedAt.delete(earlier);
  }

  overUsualRate(hubs: number): void {
    this.hubsOver.set(hubs);
  }

  epochsBehind(count: number): void {
    this.behind.set(count);
  }
}
