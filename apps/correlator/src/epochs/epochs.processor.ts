/** Wakes the pipeline. Whatever step a job is named after, all that can be done is done. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { queues } from '#contracts';
import { SchemeClosed } from '#he';
import { PipelineService } from './pipeline.service.js';

@Processor(queues.epochs)
export class EpochsProcessor extends WorkerHost {
  constructor(@Inject(PipelineService) private readonly pipeline: PipelineService) {
    super();
  }

  async process(): Promise<void> {
    try {
      await this.pipeline.advance();
    } catch (error) {
      if (!(error instanceof SchemeClosed)) throw error; // the process ends; another one folds
    }
  }
}
