/** Acts that take approvals: requests, approvals, and carrying them out. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { actProviders } from './acts/act-table.js';
import { BREAK_GLASS_PER_DAY } from './acts/break-glass.act.js';
import { Execution } from './execution.service.js';
import { NamedPseudonyms } from './named-pseudonym.js';
import { RequestBook } from './records/request-book.js';
import { RequestsController } from './requests.controller.js';
import { Requests } from './requests.service.js';

@Module({})
export class RequestsModule {
  static register({ breakGlassPerDay }: { readonly breakGlassPerDay: number }): DynamicModule {
    return {
      module: RequestsModule,
      controllers: [RequestsController],
      providers: [
        ...actProviders,
        Execution,
        NamedPseudonyms,
        RequestBook,
        Requests,
        { provide: BREAK_GLASS_PER_DAY, useValue: breakGlassPerDay },
      ],
    };
  }
}
