/** `POST /v1/unseal`: one person's share. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { unsealRequest } from '#contracts';
import type { unsealAnswer } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import type { z } from 'zod';
import { ShareCollector } from '../share-collector.js';

@OnlyFor('ctl')
@Controller('v1/unseal')
export class UnsealController {
  constructor(private readonly collector: ShareCollector) {}

  @Post()
  @HttpCode(200)
  present(@Body(zodBody(unsealRequest)) body: z.output<typeof unsealRequest>): Promise<z.output<typeof unsealAnswer>> {
    return this.collector.present(body);
  }
}
