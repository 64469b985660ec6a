/** A moderator's read: what hubs report about one pseudonym. */
import { Controller, Get, Headers, Param } from '@nestjs/common';
import type { PseudonymReports } from '#contracts';
import { Reports } from './reports.service.js';

@Controller('v1/moderation')
export class ReportsController {
  constructor(private readonly reports: Reports) {}

  @Get('pseudonyms/:uri/reports')
  about(@Param('uri') uri: string, @Headers('authorization') authorization?: string): Promise<PseudonymReports> {
    return this.reports.about(uri, authorization);
  }
}
