/** `POST /v1/signals` (RFC 8935 §2.1): one SET per request; 202 and nothing else, once it is durable. And its rehearsal. */
import { Body, Controller, Header, HttpCode, Post, UseFilters } from '@nestjs/common';
import { setMediaType } from '#contracts';
import type { DryRunAnswer } from '#contracts';
import { Consumes } from '#platform';
import { NymsMetrics } from '../metrics.js';
import { DryRun } from './dry-run.service.js';
import { IntakeService } from './intake.service.js';
import { SetRefusedFilter } from './set-refused.filter.js';

@Controller('v1/signals')
@UseFilters(SetRefusedFilter)
export class IntakeController {
  constructor(
    private readonly intake: IntakeService,
    private readonly dryRun: DryRun,
    private readonly metrics: NymsMetrics,
  ) {}

  @Post()
  @HttpCode(202)
  @Consumes(setMediaType)
  take(@Body() body: unknown): Promise<void> {
    return this.metrics.signal(() => this.intake.take(textOf(body)));
  }

  @Post('dry-run')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Consumes(setMediaType)
  rehearse(@Body() body: unknown): Promise<DryRunAnswer> {
    return this.dryRun.rehearse(textOf(body));
  }
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : '');
