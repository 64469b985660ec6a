/** Counts of what nyms answered. Labels are outcomes; no hub, no pseudonym, no size of a request. */
import { Injectable } from '@nestjs/common';
import { findings, Problem, setErrors, streamStatuses } from '#contracts';
import type { Finding } from '#contracts';
import { Metrics } from '#platform';
import type { CounterMetric, HistogramMetric } from '#platform';
import { SetRefused, SignalsRepository } from '#signals';
import { HubStreamsRepository } from './polling/hub-streams.repository.js';
import { pollFailures } from './polling/poll-request.js';

const kinds = ['redemption', 'renewal', 'further-client'] as const;
const credentialOutcomes = [
  'issued',
  'answer-refused',
  'pseudonym-conflict',
  'request-malformed',
  'renewal-not-open',
  'request-limit-reached',
  'service-unavailable',
  'failed',
] as const;
const signalOutcomes = [
  'stored',
  'replayed',
  'noted',
  ...setErrors,
  'hub-limit-reached',
  'request-limit-reached',
  'service-unavailable',
  'failed',
] as const;
const pollOutcomes = ['answered', ...pollFailures] as const;
/** Seconds: a group commit takes a few milliseconds. */
const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5];

@Injectable()
export class NymsMetrics {
  private readonly credentials: CounterMetric<{ kind: typeof kinds; outcome: typeof credentialOutcomes }>;
  private readonly signals: CounterMetric<{ outcome: typeof signalOutcomes }>;
  private readonly latency: HistogramMetric<Record<never, never>>;
  private readonly reviews: CounterMetric<{ finding: typeof findings }>;
  private readonly publishing: HistogramMetric<Record<never, never>>;
  private readonly polls: CounterMetric<{ outcome: typeof pollOutcomes }>;
  private readonly revocations: CounterMetric<Record<never, never>>;

  constructor(metrics: Metrics, repository: SignalsRepository, streams: HubStreamsRepository) {
    const labels = { kind: kinds, outcome: credentialOutcomes };
    this.credentials = metrics.counter('nyms_credentials_total', 'Credential requests by outcome', labels);
    this.signals = metrics.counter('nyms_signals_total', 'SETs by outcome of intake', { outcome: signalOutcomes });
    this.latency = metrics.histogram('nyms_signal_seconds', 'From a SET’s arrival to its durable answer', LATENCY_BUCKETS);
    this.reviews = metrics.counter('nyms_reviews_total', 'Moderators’ reviews of signals that have counted', {
      finding: findings,
    });
    this.publishing = metrics.histogram('nyms_status_lists_seconds', 'Publishing all status lists once', LATENCY_BUCKETS);
    this.polls = metrics.counter('nyms_polls_total', 'Polls of hubs’ transmitters by outcome', { outcome: pollOutcomes });
    metrics.gauge(
      'nyms_hub_streams',
      'Hubs by the status their transmitters last told',
      { status: streamStatuses },
      async (gauge) => {
        const counts = new Map((await streams.statuses()).map(({ status, count }) => [status, count]));
        for (const status of streamStatuses) gauge.set(counts.get(status) ?? 0, { status });
      },
    );
    this.revocations = metrics.counter('nyms_revocations_total', 'Pseudonyms revoked');
    metrics.gauge('nyms_signals_waiting', 'SETs that wait', { state: ['received', 'held'] }, async (gauge) => {
      const { received, held } = await repository.backlog();
      gauge.set(received, { state: 'received' });
      gauge.set(held, { state: 'held' });
    });
  }

  async credential<T>(kind: (typeof kinds)[number], work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      this.credentials.inc({ kind, outcome: 'issued' });
      return answer;
    } catch (error) {
      this.credentials.inc({ kind, outcome: nameOf(credentialOutcomes, error) });
      throw error;
    }
  }

  async signal(work: () => Promise<'stored' | 'replayed' | 'noted'>): Promise<void> {
    const began = performance.now();
    try {
      this.signals.inc({ outcome: await work() });
      this.latency.observe((performance.now() - began) / 1_000);
    } catch (error) {
      this.signals.inc({ outcome: nameOf(signalOutcomes, error) });
      throw error;
    }
  }

  reviewed(finding: Finding): void {
    this.reviews.inc({ finding });
  }

  published(seconds: number): void {
    this.publishing.observe(seconds);
  }

  polled(outcome: (typeof pollOutcomes)[number]): void {
    this.polls.inc({ outcome });
  }

  revoked(count: number): void {
    this.revocations.add(count);
  }
}

const nameOf = <O extends string>(outcomes: readonly (O | 'failed')[], error: unknown): O | 'failed' => {
  const code = error instanceof Problem ? error.code : error instanceof SetRefused ? error.err : undefined;
  return outcomes.find((outcome) => outcome === code) ?? 'failed';
};
