/** Counts of what the registrar answered. Labels are outcomes; no account, no hub, no size of a request. */
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import { Metrics } from '#platform';
import type { CounterMetric } from '#platform';

const enrolmentOutcomes = ['enrolled', 'holder-key-conflict', 'account-suspended', 'request-malformed', 'failed'] as const;
const ticketOutcomes = ['issued', 'ticket-limit-reached', 'account-suspended', 'not-enrolled', 'failed'] as const;

@Injectable()
export class RegistrarMetrics {
  private readonly enrolments: CounterMetric<{ outcome: typeof enrolmentOutcomes }>;
  private readonly requests: CounterMetric<{ outcome: typeof ticketOutcomes }>;
  private readonly issued: CounterMetric<Record<never, never>>;

  constructor(metrics: Metrics) {
    this.enrolments = metrics.counter('registrar_enrolments_total', 'Enrolments by outcome', { outcome: enrolmentOutcomes });
    this.requests = metrics.counter('registrar_ticket_requests_total', 'Ticket requests by outcome', { outcome: ticketOutcomes });
    this.issued = metrics.counter('registrar_tickets_total', 'Tickets issued');
  }

  enrolment<T>(work: () => Promise<T>): Promise<T> {
    return counted(work, 'enrolled', enrolmentOutcomes, (outcome) => this.enrolments.inc({ outcome }));
  }

  async tickets<T>(count: number, work: () => Promise<T>): Promise<T> {
    const answer = await counted(work, 'issued', ticketOutcomes, (outcome) => this.requests.inc({ outcome }));
    this.issued.add(count);
    return answer;
  }
}

async function counted<T, O extends string>(
  work: () => Promise<T>,
  good: O,
  outcomes: readonly (O | 'failed')[],
  count: (outcome: O | 'failed') => void,
): Promise<T> {
  try {
    const answer = await work();
    count(good);
    return answer;
  } catch (error) {
    const code = error instanceof Problem ? error.code : undefined;
    count(outcomes.find((outcome) => outcome === code) ?? 'failed');
    throw error;
  }
}
