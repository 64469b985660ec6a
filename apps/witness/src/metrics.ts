/** Counts of a witness, for alarms. Labels are kinds; no hub, no epoch, no pseudonym. */
import { Injectable } from '@nestjs/common';
import { sides, type Side } from '#contracts';
import { Metrics } from '#platform';
import type { CounterMetric, GaugeMetric } from '#platform';
import type { ObjectionReason } from '#tallies';
import { manifestFaults, treeFaults, type ManifestFault, type TreeFault } from './events.js';

const reasons = ['missing', 'altered', 'unverified', 'decision'] as const satisfies readonly ObjectionReason[];
const alarms = [...manifestFaults, ...treeFaults, 'sets-vanished'] as const;

@Injectable()
export class WitnessMetrics {
  private readonly objections: CounterMetric<{ reason: typeof reasons }>;
  private readonly alarms: CounterMetric<{ kind: typeof alarms }>;
  private readonly attested: CounterMetric<{ side: typeof sides }>;
  private readonly behind: GaugeMetric<Record<never, never>>;

  constructor(metrics: Metrics) {
    this.objections = metrics.counter('witness_objections_total', 'Entries objected to', { reason: reasons });
    this.alarms = metrics.counter('witness_alarms_total', 'Manifests and trees refused, SETs vanished', { kind: alarms });
    this.attested = metrics.counter('witness_attested_total', 'Trees attested', { side: sides });
    this.behind = metrics.gauge('witness_epochs_behind', 'Closed epochs after the last inspected one');
  }

  objection(reason: ObjectionReason, count: number): void {
    this.objections.add(count, { reason });
  }

  alarm(kind: ManifestFault | TreeFault | 'sets-vanished'): void {
    this.alarms.inc({ kind });
  }

  attestation(side: Side): void {
    this.attested.inc({ side });
  }

  epochsBehind(count: number): void {
    this.behind.set(count);
  }
}
