/** The key holder while it is sealed: health, its state, and shares. It has no key, no database and nothing to answer with. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CallersModule, Health, PlatformModule, TlsModule } from '#platform';
import type { AppLogger, Clock, Secret, TlsIdentity } from '#platform';
import { ShareCollector } from '../share-collector.js';
import { SEAL_VIEW, SealStateController } from './seal-state.controller.js';
import type { SealView } from './seal-state.controller.js';
import { UnsealController } from './unseal.controller.js';

export interface SealedOptions {
  readonly secretsDir: string;
  readonly logger: AppLogger;
  readonly clock: Clock;
  readonly tls: TlsIdentity;
  readonly collector: ShareCollector;
  readonly metricsToken: Secret | undefined;
}

@Module({})
export class SealedModule {
  constructor(health: Health) {
    health.add('unsealed', () => Promise.reject(new Error('sealed')));
  }

  static register({ secretsDir, logger, clock, tls, collector, metricsToken }: SealedOptions): DynamicModule {
    const view: SealView = { secretsDir, sealed: true, presented: () => collector.presented };
    return {
      module: SealedModule,
      imports: [
        PlatformModule.register({ logger, clock, metricsToken }),
        TlsModule.register(tls, logger),
        CallersModule.register(),
      ],
      controllers: [SealStateController, UnsealController],
      providers: [
        { provide: ShareCollector, useValue: collector },
        { provide: SEAL_VIEW, useValue: view },
      ],
    };
  }
}
