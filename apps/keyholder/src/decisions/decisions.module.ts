/** Decisions over attested trees. */
import { Module, type DynamicModule } from '@nestjs/common';
import { Admissions } from './checks/admission.js';
import { ATTESTERS, type Attesters } from './checks/attesters.js';
import { DecisionsController } from './decisions.controller.js';
import { Decisions } from './decisions.service.js';
import { Settlement } from './settlement.js';
import { Unfreeze } from './freezing/unfreeze.service.js';

@Module({})
export class DecisionsModule {
  static register(attesters: Attesters): DynamicModule {
    return {
      module: DecisionsModule,
      controllers: [DecisionsController],
      providers: [Admissions, Decisions, Settlement, Unfreeze, { provide: ATTESTERS, useValue: attesters }],
    };
  }
}
