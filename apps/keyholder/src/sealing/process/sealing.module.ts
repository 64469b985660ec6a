/** What the unsealed key holder says of its seal, and how it is sealed again. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Unsealed } from '../share-collector.js';
import { SEAL_VIEW, SealStateController } from './seal-state.controller.js';
import type { SealView } from './seal-state.controller.js';
import { SealController } from './seal.controller.js';
import { Sealing, UNSEALED } from './sealing.service.js';

@Module({})
export class SealingModule {
  static register(secretsDir: string, unsealed: Unsealed): DynamicModule {
    const view: SealView = { secretsDir, sealed: false, presented: () => 0 };
    return {
      module: SealingModule,
      controllers: [SealStateController, SealController],
      providers: [Sealing, { provide: SEAL_VIEW, useValue: view }, { provide: UNSEALED, useValue: unsealed }],
      exports: [Sealing],
    };
  }
}
