/** The correlator hands in attested trees. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { decisionOutcome } from '#contracts';
import { Consumes, octetStream, OnlyFor } from '#platform';
import { Decisions } from './decisions.service.js';

@Controller('v1')
export class DecisionsController {
  constructor(private readonly decisions: Decisions) {}

  /** u32 length ‖ header JSON ‖ ciphertexts in leaf order. */
  @Post('decisions')
  @HttpCode(200)
  @Consumes(octetStream)
  @OnlyFor('correlator')
  decide(@Body() body: Readable): Promise<z.input<typeof decisionOutcome>> {
    return this.decisions.decide(body);
  }
}
