/** Wakes the witness. Whatever step a job is named after, all that can be done is done. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { queues } from '#contracts';
import { SchemeClosed } from '#he';
import { AttestingService } from './attesting/attesting.service.js';
import { InspectingService } from './inspecting/inspecting.service.js';

@Processor(queues.witnessing)
export class WitnessingProcessor extends WorkerHost {
  constructor(
    @Inject(InspectingService) private readonly inspecting: InspectingService,
    @Inject(AttestingService) private readonly attesting: AttestingService,
  ) {
    super();
  }

  async process(): Promise<void> {
    try {
      await this.inspecting.inspectNext();
      await this.attesting.attestNext();
    } catch (error) {
      if (!(error instanceof SchemeClosed)) throw error; // the process ends; the next one folds
    }
  }
}
