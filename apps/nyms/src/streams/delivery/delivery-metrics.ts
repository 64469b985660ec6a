/** What becomes of SETs to hubs, and what waits. No hub is named: how many streams wait, not which. */
import { Injectable } from '@nestjs/common';
import { deliveryOutcomes } from '#contracts';
import type { DeliveryOutcome } from '#contracts';
import { Clock, Metrics } from '#platform';
import type { CounterMetric } from '#platform';
import { BacklogRepository } from './backlog.repository.js';

const methods = ['push', 'poll'] as const;

@Injectable()
export class DeliveryMetrics {
  private readonly outcomes: CounterMetric<{ method: typeof methods; outcome: typeof deliveryOutcomes }>;
  private readonly failures: CounterMetric<Record<never, never>>;

  constructor(metrics: Metrics, repository: BacklogRepository, clock: Clock) {
    const labels = { method: methods, outcome: deliveryOutcomes };
    this.outcomes = metrics.counter('nyms_set_deliveries_total', 'SETs to hubs by what became of them', labels);
    this.failures = metrics.counter('nyms_push_failures_total', 'Batches of pushes that an endpoint did not take');
    metrics.gauge('nyms_set_queue', 'SETs to hubs that wait', { state: ['waiting', 'dead'] }, async (gauge) => {
      const { waiting, dead } = await repository.depth();
      gauge.set(waiting, { state: 'waiting' });
      gauge.set(dead, { state: 'dead' });
    });
    metrics.gauge('nyms_set_queue_oldest_seconds', 'Age of the notice that waits longest, to the hour', {}, async (gauge) => {
      const { oldestHour } = await repository.depth();
      gauge.set(oldestHour === undefined ? 0 : Math.max(0, clock.now().getTime() / 1_000 - oldestHour * 3_600));
    });
    metrics.gauge(
      'nyms_streams',
      'Streams by status',
      { status: ['enabled', 'paused', 'disabled', 'failing'] },
      async (gauge) => {
        const counts = await repository.streams();
        for (const status of ['enabled', 'paused', 'disabled', 'failing'] as const) gauge.set(counts[status] ?? 0, { status });
      },
    );
  }

  settled(method: (typeof methods)[number], outcome: DeliveryOutcome, count = 1): void {
    this.outcomes.add(count, { method, outcome });
  }

  failed(): void {
    this.failures.inc();
  }
}
