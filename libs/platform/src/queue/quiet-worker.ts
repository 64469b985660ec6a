/**
 * The worker of every queue. Its failures leave no values in the queue's store: BullMQ keeps a failed job's message and stack, and
 * messages of libraries quote what they were given. Stored is the scrubbed line; the error itself goes to the log, scrubbed there, as
 * cause. What a killed process was at is taken up again within seconds.
 */
import { Worker } from 'bullmq';
import type { Processor, WorkerOptions } from 'bullmq';
import { scrubText } from '../logging/scrub.js';

/** Thrown to steer BullMQ, not to report. */
const steering = new Set(['DelayedError', 'WaitingError', 'WaitingChildrenError', 'RateLimitError', 'UnrecoverableError']);

/**
 * A job whose process was killed stays "running" until its lock is over, and as long as it does, nothing wakes the same work again. So
 * locks are short. Jobs are safe to run twice, therefore none is given up because that happened to it often.
 */
const crashed = { lockDuration: 6_000, stalledInterval: 3_000, maxStalledCount: 1_000_000 } as const;

export class QuietWorker extends Worker {
  constructor(name: string, processor?: string | URL | null | Processor, options?: WorkerOptions) {
    super(name, typeof processor === 'function' ? quiet(processor) : processor, options && { ...crashed, ...options });
  }
}

const quiet =
  (processor: Processor): Processor =>
  async (...args) => {
    try {
      return await processor(...args);
    } catch (error) {
      if (error instanceof Error && steering.has(error.name)) throw error;
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      throw new Error(`${name}: ${scrubText(message)}`, { cause: error });
    }
  };
