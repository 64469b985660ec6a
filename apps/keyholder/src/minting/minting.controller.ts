/** POST /v1/mints, for nyms: a wrapped ticket and a subject against a signed selector. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { mintRequest } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import type { SelectorJson } from '#pseudonyms';
import { Budgets } from '../budgets/budgets.service.js';
import { MintingService } from './minting.service.js';

@Controller('v1/mints')
@OnlyFor('nyms')
export class MintingController {
  constructor(
    private readonly minting: MintingService,
    private readonly budgets: Budgets,
  ) {}

  @Post()
  @HttpCode(200)
  async mint(@Body(zodBody(mintRequest)) { wrapped, subject }: z.output<typeof mintRequest>): Promise<SelectorJson> {
    await this.budgets.spend('mints');
    return this.minting.mint(wrapped, subject);
  }
}
