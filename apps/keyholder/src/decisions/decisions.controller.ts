/** The correlator hands in attested trees; an operator's signature ends a freeze. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { signedUnfreezeStatement, type decisionOutcome } from '#contracts';
import { Consumes, octetStream, OnlyFor, zodBody } from '#platform';
import { Decisions } from './decisions.service.js';
import { Unfreeze } from './freezing/unfreeze.service.js';

@Controller('v1')
export class DecisionsController {
  constructor(
    private readonly decisions: Decisions,
    private readonly freeze: Unfreeze,
  ) {}

  /** u32 length ‖ header JSON ‖ ciphertexts in leaf order. */
  @Post('decisions')
  @HttpCode(200)
  @Consumes(octetStream)
  @OnlyFor('correlator')
  decide(@Body() body: Readable): Promise<z.input<typeof decisionOutcome>> {
    return this.decisions.decide(body);
  }

  /** The statement's signature says who. */
  @Post('unfreeze')
  @HttpCode(204)
  @OnlyFor('ctl')
  async unfreeze(@Body(zodBody(signedUnfreezeStatement)) body: z.output<typeof signedUnfreezeStatement>): Promise<void> {
    await this.freeze.unfreeze(body.statement, body.signature);
  }
}
