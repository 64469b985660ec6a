/** A witness, put together: inspecting and attesting. It learns signals, never accounts, and has no key that opens a sum. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Pool } from 'pg';
import { queues } from '#contracts';
import type { EvaluationScheme } from '#he';
import { CallersModule, Metrics, PlatformModule, PoolModule, QueueModule, SigningKey, TlsModule } from '#platform';
import type { AppLogger, Clock, TlsIdentity } from '#platform';
import { PolicyModule } from '#policy';
import { HubKeys } from '#signals';
import { ObjectionsRepository, TalliesModule, type Attesters, type KeyHolderPin } from '#tallies';
import { AttestingService, FOLD_THREADS, WITNESS_ID } from './attesting/attesting.service.js';
import { CosigningModule, type CosigningOptions } from './cosigning/cosigning.module.js';
import type { Secrets, Settings } from './config.js';
import { EVENTS, type WitnessEvents } from './events.js';
import { EntryVerifier } from './inspecting/entry-verifier.js';
import { CORRELATOR, InspectingService } from './inspecting/inspecting.service.js';
import { MemoryRepository } from './inspecting/memory.repository.js';
import { WitnessMetrics } from './metrics.js';
import { Sweeper } from './sweeper.js';
import { WitnessingProcessor } from './witnessing.processor.js';

export interface WitnessParts {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
  readonly events: WitnessEvents;
  readonly tls: TlsIdentity;
  readonly key: SigningKey;
  readonly pin: KeyHolderPin;
  readonly correlator: Attesters;
  /** Whose objections count, itself included. */
  readonly witnesses: Attesters;
  readonly scheme: EvaluationScheme;
  readonly cosigning: Omit<CosigningOptions, 'events'>;
}

@Module({})
export class AppModule {
  static register(parts: WitnessParts): DynamicModule {
    const { settings, secrets, production, logger, clock, events } = parts;
    const { policyDir: folder, threads, id } = settings;
    return {
      module: AppModule,
      imports: [
        PlatformModule.register({ logger, clock, metricsToken: secrets.metricsToken }),
        TlsModule.register(parts.tls, logger),
        CallersModule.register(),
        PoolModule.register({ url: settings.databaseUrl, max: 4 + threads }),
        TalliesModule.register({ scheme: parts.scheme, pin: parts.pin, witnesses: parts.witnesses }),
        CosigningModule.register({ ...parts.cosigning, events }),
        QueueModule.register({
          queues: [queues.epochs, queues.witnessing],
          store: { databaseUrl: settings.queueDatabaseUrl, redisUrl: settings.redisUrl },
        }),
        PolicyModule.forRoot({
          folder,
          people: settings.peopleFile,
          production,
          onLive: ({ version }) => events.emit('policy-live', { version }),
          onRefused: ({ reason }) => events.emit('policy-refused', { reason }),
        }),
      ],
      providers: [
        { provide: EVENTS, useValue: events },
        { provide: SigningKey, useValue: parts.key },
        { provide: CORRELATOR, useValue: parts.correlator },
        { provide: WITNESS_ID, useValue: id },
        { provide: FOLD_THREADS, useValue: threads },
        { provide: WitnessMetrics, inject: [Metrics], useFactory: (metrics: Metrics) => new WitnessMetrics(metrics) },
        {
          provide: MemoryRepository,
          inject: [Pool, ObjectionsRepository],
          useFactory: (pool: Pool, objections: ObjectionsRepository) => new MemoryRepository(pool, objections, id),
        },
        {
          provide: EntryVerifier,
          inject: [MemoryRepository],
          useFactory: (memory: MemoryRepository) => new EntryVerifier(new HubKeys(), memory),
        },
        InspectingService,
        AttestingService,
        WitnessingProcessor,
        Sweeper,
      ],
    };
  }
}
