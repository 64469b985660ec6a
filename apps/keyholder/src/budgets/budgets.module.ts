/** Budgets for every module with a route. */
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { BUDGET_SETTINGS, Budgets } from './budgets.service.js';
import type { BudgetSettings } from './budgets.service.js';

@Global()
@Module({})
export class BudgetsModule {
  static register(settings: BudgetSettings): DynamicModule {
    return { module: BudgetsModule, providers: [{ provide: BUDGET_SETTINGS, useValue: settings }, Budgets], exports: [Budgets] };
  }
}
