/** The correlator, put together: weighing, epochs, tallies. Nothing it imports can name an account, and it has no key that opens a sum. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Pool } from 'pg';
import { queues } from '#contracts';
import type { EvaluationScheme } from '#he';
import { CallersModule, Metrics, PlatformModule, PoolModule, QueueModule, ServiceClient, SigningKey, TlsModule } from '#platform';
import type { AppLogger, Clock, TlsIdentity } from '#platform';
import { PolicyModule } from '#policy';
import { TalliesModule, type Attesters, type KeyHolderPin } from '#tallies';
import type { Secrets, Settings } from './config.js';
import { ClosingService } from './epochs/closing.service.js';
import { CORRELATOR_ID, DecidingService, WITNESSES } from './epochs/deciding.service.js';
import { EpochReport } from './epochs/epoch-report.js';
import { EpochsController } from './epochs/epochs.controller.js';
import { EpochsProcessor } from './epochs/epochs.processor.js';
import { Patience } from './epochs/patience.js';
import { PipelineService } from './epochs/pipeline.service.js';
import { Retention } from './epochs/retention.js';
import { Schedule } from './epochs/schedule.js';
import { Sweeper } from './epochs/sweeper.js';
import { ShadowTallyingService } from './epochs/shadow-tallying.service.js';
import { TallyingService } from './epochs/tallying.service.js';
import { FOLD_THREADS, TreeMaker } from './epochs/tree-maker.js';
import { EVENTS, type CorrelatorEvents } from './events.js';
import { KeyholderClient } from './keyholder/keyholder-client.js';
import { CorrelatorMetrics } from './metrics.js';
import { Rates } from './rates/rates.service.js';
import { WeighingProcessor } from './weighing/weighing.processor.js';
import { WeighingRepository } from './weighing/weighing.repository.js';
import { WeighingService } from './weighing/weighing.service.js';

export interface CorrelatorParts {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
  readonly events: CorrelatorEvents;
  readonly tls: TlsIdentity;
  readonly key: SigningKey;
  readonly pin: KeyHolderPin;
  readonly witnesses: Attesters;
  readonly scheme: EvaluationScheme;
}

/** The lock, a tree's transaction, a read per cohort in work (one more than threads), and some for the rest. */
const connections = (threads: number): number => 7 + threads;

@Module({})
export class AppModule {
  static register(parts: CorrelatorParts): DynamicModule {
    const { settings, secrets, production, logger, clock, events, tls } = parts;
    const { policyDir: folder, threads } = settings;
    return {
      module: AppModule,
      imports: [
        PlatformModule.register({ logger, clock, metricsToken: secrets.metricsToken }),
        TlsModule.register(tls, logger),
        CallersModule.register(),
        PoolModule.register({ url: settings.databaseUrl, max: connections(threads) }),
        TalliesModule.register({ scheme: parts.scheme, pin: parts.pin, witnesses: parts.witnesses }),
        QueueModule.register({
          queues: [queues.weighing, queues.epochs, queues.witnessing],
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
      controllers: [EpochsController],
      providers: [
        { provide: EVENTS, useValue: events },
        { provide: SigningKey, useValue: parts.key },
        { provide: CORRELATOR_ID, useValue: settings.id },
        { provide: WITNESSES, useValue: parts.witnesses },
        { provide: FOLD_THREADS, useValue: threads },
        { provide: CorrelatorMetrics, inject: [Metrics], useFactory: (metrics: Metrics) => new CorrelatorMetrics(metrics) },
        {
          provide: KeyholderClient,
          useValue: new KeyholderClient(new ServiceClient(settings.keyholderUrl, 'keyholder', tls)),
        },
        { provide: WeighingRepository, inject: [Pool], useFactory: (pool: Pool) => new WeighingRepository(pool) },
        { provide: Patience, useValue: new Patience() },
        WeighingService,
        WeighingProcessor,
        Rates,
        ClosingService,
        ShadowTallyingService,
        TallyingService,
        TreeMaker,
        DecidingService,
        PipelineService,
        EpochsProcessor,
        EpochReport,
        Sweeper,
        Retention,
        ...(settings.schedule === 'on' ? [Schedule] : []),
      ],
    };
  }
}
