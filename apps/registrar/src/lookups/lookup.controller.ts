/** `POST /v1/handles/lookup`. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { handleLookup } from '#contracts';
import type { lookupAnswer } from '#contracts';
import { zodBody } from '#platform';
import { Lookups } from './lookup.service.js';
import type { HandleLookup } from './lookup.service.js';

@Controller('v1/handles/lookup')
export class LookupController {
  constructor(private readonly lookups: Lookups) {}

  @Post()
  @HttpCode(200)
  async lookUp(@Body(zodBody(handleLookup)) body: HandleLookup): Promise<z.input<typeof lookupAnswer>> {
    return { sealed: await this.lookups.lookUp(body) };
  }
}
