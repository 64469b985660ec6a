/** Why a pseudonym was suspended, as coarsely as it can be said. */
import { Controller, Get, Headers, Param } from '@nestjs/common';
import type { z } from 'zod';
import type { suspensionReasons } from '#contracts';
import { Reasons } from './reasons.service.js';

@Controller('v1/moderation')
export class ReasonsController {
  constructor(private readonly reasons: Reasons) {}

  @Get('pseudonyms/:uri/reasons')
  of(@Param('uri') uri: string, @Headers('authorization') authorization?: string): Promise<z.input<typeof suspensionReasons>> {
    return this.reasons.of(uri, authorization);
  }
}
