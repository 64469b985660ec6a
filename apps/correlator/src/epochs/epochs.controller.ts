/** Operators' routes: close an epoch now, see how far one is, and what became of each hub's SETs. */
import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { OnlyFor, zodPath } from '#platform';
import { ClosingService } from './closing.service.js';
import { EpochReport, type EpochHubs, type EpochState } from './epoch-report.js';

const epochParameter = z.coerce.number().pipe(z.int().positive());

@Controller('v1/epochs')
@OnlyFor('ctl')
export class EpochsController {
  constructor(
    @Inject(ClosingService) private readonly closing: ClosingService,
    @Inject(EpochReport) private readonly report: EpochReport,
  ) {}

  @Post()
  @HttpCode(200)
  async close(): Promise<{ epoch: number }> {
    const { epoch } = await this.closing.close();
    return { epoch };
  }

  @Get(':epoch')
  state(@Param('epoch', zodPath(epochParameter)) epoch: number): Promise<EpochState> {
    return this.report.stateOf(epoch);
  }

  @Get(':epoch/hubs')
  hubs(@Param('epoch', zodPath(epochParameter)) epoch: number): Promise<EpochHubs> {
    return this.report.hubsOf(epoch);
  }
}
