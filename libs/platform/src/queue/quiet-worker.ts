/**
 * A worker whose failures leave no values in the queue's store: BullMQ keeps a failed job's message and stack, and messages of
 * libraries quote what they were given. Stored is the scrubbed line; the error itself goes to the log, scrubbed there, as cause.
 */
import { Worker } from 'bullmq';
import type { Processor, WorkerOptions } from 'bullmq';
import { scrubText } from '../logging/scrub.js';

/** Thrown to steer BullMQ, not to report. */
const steering = new Set(['DelayedError', 'WaitingError', 'WaitingChildrenError', 'RateLimitError', 'UnrecoverableError']);

export class QuietWorker extends Worker {
  constructor(name: string, processor?: string | URL | null | Processor, options?: WorkerOptions) {
    super(name, typeof processor === 'function' ? quiet(processor) : processor, options);
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
