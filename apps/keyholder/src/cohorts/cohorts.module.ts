/** Positions for minting, renewals and upkeep. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { CohortSizes } from './cohort-rules.js';
import { COHORT_SIZES, Positions } from './positions.js';

@Module({})
export class CohortsModule {
  static register(sizes: CohortSizes): DynamicModule {
    return {
      global: true,
      module: CohortsModule,
      providers: [{ provide: COHORT_SIZES, useValue: sizes }, Positions],
      exports: [Positions],
    };
  }
}
