/** POST /v1/renewals, for nyms. Needs a global provider of StandingCheck. */
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import type { z } from 'zod';
import { renewRequest } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import type { SelectorJson } from '#pseudonyms';
import { RenewalLedger } from './renewal-ledger.js';
import { RenewalsService } from './renewals.service.js';

@Controller('v1/renewals')
@OnlyFor('nyms')
export class RenewalsController {
  constructor(private readonly renewals: RenewalsService) {}

  @Post()
  @HttpCode(200)
  renew(@Body(zodBody(renewRequest)) request: z.output<typeof renewRequest>): Promise<SelectorJson> {
    return this.renewals.renew(request);
  }
}

@Module({ controllers: [RenewalsController], providers: [RenewalLedger, RenewalsService] })
export class RenewalsModule {}
