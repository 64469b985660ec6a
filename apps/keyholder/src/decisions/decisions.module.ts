/** Decisions over attested trees, and whose attestations they take. */
import { Module, type DynamicModule } from '@nestjs/common';
import { Writer } from '../database/writer.js';
import { AttestersController } from './attesters/attesters.controller.js';
import { AttesterRegistry } from './attesters/attester-registry.js';
import { Admissions } from './checks/admission.js';
import { Soundness } from './checks/soundness.js';
import type { Attesters } from './checks/attesters.js';
import { DecisionsController } from './decisions.controller.js';
import { Decisions } from './decisions.service.js';
import { Settlement } from './settlement.js';
import { ShadowAdmissions } from './shadow/shadow-admission.js';
import { ShadowSettlement } from './shadow/shadow-settlement.js';

@Module({})
export class DecisionsModule {
  /** @param first pinned by file, for a database that has none yet */
  static register(first: Attesters): DynamicModule {
    return {
      module: DecisionsModule,
      global: true,
      controllers: [AttestersController, DecisionsController],
      providers: [
        Admissions,
        Decisions,
        Settlement,
        ShadowAdmissions,
        ShadowSettlement,
        Soundness,
        { provide: AttesterRegistry, inject: [Writer], useFactory: (writer: Writer) => new AttesterRegistry(writer, first) },
      ],
      exports: [AttesterRegistry],
    };
  }
}
