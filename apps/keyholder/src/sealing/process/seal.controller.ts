/** `POST /v1/seal`: an operator's signed statement. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { signedSealStatement } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import { Sealing } from './sealing.service.js';

@OnlyFor('ctl')
@Controller('v1/seal')
export class SealController {
  constructor(private readonly sealing: Sealing) {}

  @Post()
  @HttpCode(200)
  async seal(@Body(zodBody(signedSealStatement)) body: z.output<typeof signedSealStatement>): Promise<{ sealed: true }> {
    await this.sealing.seal(body.statement, body.signature);
    return { sealed: true };
  }
}
