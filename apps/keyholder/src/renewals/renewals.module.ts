/** POST /v1/renewals, for nyms. Needs a global provider of StandingCheck. */
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import type { z } from 'zod';
import { renewRequest } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import type { SelectorJson } from '#pseudonyms';
import { Budgets } from '../budgets/budgets.service.js';
import { RenewalLedger } from './renewal-ledger.js';
import { RenewalsService } from './renewals.service.js';

@Controller('v1/renewals')
@OnlyFor('nyms')
export class RenewalsController {
  constructor(
    private readonly renewals: RenewalsService,
    private readonly budgets: Budgets,
  ) {}

  @Post()
  @HttpCode(200)
  async renew(@Body(zodBody(renewRequest)) request: z.output<typeof renewRequest>): Promise<SelectorJson> {
    await this.budgets.spend('renewals');
    return this.renewals.renew(request);
  }
}

@Module({ controllers: [RenewalsController], providers: [RenewalLedger, RenewalsService] })
export class RenewalsModule {}
