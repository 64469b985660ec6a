/** Takes turns at the streams that were woken, each by itself: one slow endpoint keeps its own place and no other's. */
import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job, Queue } from 'bullmq';
import { queues } from '#contracts';
import type { DeliveryJob } from '#contracts';
import { wake } from '#platform';
import { Delivering } from './delivering.service.js';

/** Streams at once; a hanging endpoint keeps a place for ten seconds, then waits outside. */
const STREAMS_AT_ONCE = 64;

@Processor(queues.delivery, { concurrency: STREAMS_AT_ONCE })
export class DeliveryProcessor extends WorkerHost {
  constructor(
    private readonly delivering: Delivering,
    @InjectQueue(queues.delivery) private readonly queue: Queue,
  ) {
    super();
  }

  async process({ data: { stream } }: Job<DeliveryJob>): Promise<void> {
    if ((await this.delivering.deliver(stream)) === 'again') await wake(this.queue, 'deliver', { stream });
  }
}
