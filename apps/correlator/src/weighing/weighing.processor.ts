/** Wakes the weighing. A job says only that there may be work. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { queues } from '#contracts';
import { WeighingService } from './weighing.service.js';

@Processor(queues.weighing)
export class WeighingProcessor extends WorkerHost {
  constructor(@Inject(WeighingService) private readonly weighing: WeighingService) {
    super();
  }

  async process(): Promise<void> {
    await this.weighing.drain();
  }
}
