/**
 * Queue names and what a job may carry: an epoch number, a stream's id, or nothing. Never an account, a pseudonym, a signal's content or a time.
 * The database is the record; a job only wakes a worker (architecture.md, "Where state lives").
 */
export const queues = {
  /** correlator: validate new SETs, apply retractions, hold or free */
  weighing: 'weighing',
  /** correlator: close, tally, decide */
  epochs: 'epochs',
  /** witness: inspect, attest */
  witnessing: 'witnessing',
  /** nyms: push what a stream's queue holds */
  delivery: 'delivery',
} as const;
export type QueueName = (typeof queues)[keyof typeof queues];

/** Steps of an epoch, in order; `inspect` and `attest` are the witness's. */
export const epochSteps = ['close', 'inspect', 'tally', 'attest', 'decide'] as const;
export type EpochStep = (typeof epochSteps)[number];
/** Of `delivery`. */
export interface DeliveryJob {
  readonly stream: string;
}
export interface EpochJob {
  readonly epoch: number;
}
