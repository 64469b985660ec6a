/** Shadow policies of the first kind: other numbers f, C, T0 or positive threshold on the live tallies. Operators read the counts. */
import { Controller, Get, Headers, Module, type DynamicModule } from '@nestjs/common';
import type { ShadowAnswer } from '#contracts';
import { OnlyFor } from '#platform';
import { Readers } from '../people/readers.js';
import { SHADOW_BUDGET, ShadowReports, type ShadowBudget } from './shadow-reports.service.js';

@Controller('v1/shadow')
@OnlyFor('ctl')
export class ShadowController {
  constructor(
    private readonly reports: ShadowReports,
    private readonly readers: Readers,
  ) {}

  @Get()
  async shadow(@Headers('authorization') authorization: string | undefined): Promise<ShadowAnswer> {
    await this.readers.require(authorization, 'operator');
    return this.reports.read();
  }
}

@Module({})
export class ShadowModule {
  static register({ shadowBudget, shadowEpsilon }: ShadowBudget): DynamicModule {
    return {
      global: true,
      module: ShadowModule,
      controllers: [ShadowController],
      providers: [ShadowReports, { provide: SHADOW_BUDGET, useValue: { shadowBudget, shadowEpsilon } }],
      exports: [ShadowReports],
    };
  }
}
