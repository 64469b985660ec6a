/** nyms, put together: redemption, hubs, signals, status lists, moderation, enforcement. Nothing it imports can name an account. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { queues } from '#contracts';
import { Health, OpenApiModule, PlatformModule, PoolModule, QueueModule, ServiceClient, TlsModule } from '#platform';
import type { AppLogger, Clock, TlsIdentity } from '#platform';
import { PolicyModule } from '#policy';
import { HubKeys } from '#signals';
import type { HubKeysOptions } from '#signals';
import type { Secrets, Settings } from './config.js';
import { nymsDatabase, signalsRepository } from './database.repository.js';
import { DayListController, DayLists } from './day-list/day-list.controller.js';
import { enforcementProviders } from './enforcement/enforcement.providers.js';
import { EVENTS } from './events.js';
import type { NymsEvents } from './events.js';
import { AnswerSigner } from './hubs/answer-signer.js';
import { HubQuestions } from './hubs/hub-questions.js';
import { HubRules } from './hubs/hub-rules.js';
import { HubsController } from './hubs/hubs.controller.js';
import { StatusAnswers } from './hubs/status-answers.js';
import { StatusService } from './hubs/status.service.js';
import { DryRun } from './intake/dry-run.service.js';
import { HubLimits } from './intake/hub-limits.js';
import { IntakeController } from './intake/intake.controller.js';
import { IntakeService } from './intake/intake.service.js';
import { WeighingWake } from './intake/weighing-wake.js';
import { KeyholderClient } from './keyholder/keyholder-client.js';
import { KEYHOLDER_PIN } from './keyholder/pin.js';
import type { KeyholderPin } from './keyholder/pin.js';
import { ManifestProofs } from './manifests/manifest-proofs.service.js';
import { ManifestsController } from './manifests/manifests.controller.js';
import { ManifestsReader } from './manifests/manifests.reader.js';
import { NymsMetrics } from './metrics.js';
import { ActsRepository } from './moderation/acts.repository.js';
import { ApprovedRequests } from './moderation/approved-requests.service.js';
import { Acts } from './moderation/acts.service.js';
import { ActsSweeper } from './moderation/acts-sweeper.js';
import { HeldSignals } from './moderation/held-signals.service.js';
import { ModerationController } from './moderation/moderation.controller.js';
import { OutsideClient } from './outside/outside-client.js';
import type { OutsideOptions } from './outside/outside-client.js';
import { HubPoller } from './polling/hub-poller.js';
import { HubStreams } from './polling/hub-streams.service.js';
import { HubStreamsRepository } from './polling/hub-streams.repository.js';
import { HubTokens } from './polling/hub-tokens.js';
import { StreamVerifications } from './polling/stream-verifications.js';
import { CredentialIssuer } from './pseudonyms/credential.js';
import { Credentials } from './pseudonyms/credentials.service.js';
import { FurtherClientService } from './pseudonyms/further-client.service.js';
import { PseudonymsController } from './pseudonyms/pseudonyms.controller.js';
import { PseudonymsRepository } from './pseudonyms/pseudonyms.repository.js';
import { PseudonymsWriter } from './pseudonyms/pseudonyms.writer.js';
import { RedemptionService } from './pseudonyms/redemption.service.js';
import { RenewalService } from './pseudonyms/renewal.service.js';
import { ReasonsController } from './reasons/reasons.controller.js';
import { ReasonsRepository } from './reasons/reasons.repository.js';
import { Reasons } from './reasons/reasons.service.js';
import { ReportsController } from './reports/reports.controller.js';
import { Reports } from './reports/reports.service.js';
import { RetentionRepository } from './retention/retention.repository.js';
import { Retention } from './retention/retention.js';
import { apiInfo, routes } from './routes.js';
import { ReviewsRepository } from './trust/reviews.repository.js';
import { TrustController } from './trust/trust.controller.js';
import { Trust } from './trust/trust.service.js';
import { streamsControllers, streamsProviders } from './streams/streams.providers.js';
import type { StreamsOptions } from './streams/streams.providers.js';
import { ListTokens } from './status-lists/list-tokens.js';
import { StatusIndices } from './status-lists/status-indices.js';
import { StatusListPublisher } from './status-lists/status-list-publisher.js';
import { StatusListsController } from './status-lists/status-lists.controller.js';
import { StatusListsReader } from './status-lists/status-lists.reader.js';
import { ServedLists } from './status-lists/status-lists.service.js';
import { StatusListsWriter } from './status-lists/status-lists.writer.js';

export interface NymsParts {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
  readonly events: NymsEvents;
  readonly tls: TlsIdentity;
  readonly pin: KeyholderPin;
  readonly issuer: CredentialIssuer;
  readonly streams: StreamsOptions;
  /** what signs status answers and status lists */
  readonly signer: AnswerSigner;
  readonly hubKeys?: HubKeysOptions;
  readonly outside?: Omit<OutsideOptions, 'anyAddress'>;
}

@Module({})
export class AppModule {
  static register(parts: NymsParts): DynamicModule {
    const { settings, secrets, production, logger, clock, events, tls } = parts;
    const { databaseUrl, queueDatabaseUrl, redisUrl, policyDir: folder } = settings;
    return {
      module: AppModule,
      imports: [
        PlatformModule.register({ logger, clock, metricsToken: secrets.metricsToken }),
        TlsModule.register(tls, logger),
        OpenApiModule.register(apiInfo, routes),
        nymsDatabase(databaseUrl),
        PoolModule.register({ url: databaseUrl }),
        QueueModule.register({ queues: [queues.weighing, queues.delivery], store: { databaseUrl: queueDatabaseUrl, redisUrl } }),
        PolicyModule.forRoot({
          folder,
          people: settings.peopleFile,
          production,
          onLive: ({ version }) => events.emit('policy-live', { version }),
          onRefused: ({ reason }) => events.emit('policy-refused', { reason }),
        }),
      ],
      controllers: [
        PseudonymsController,
        HubsController,
        ManifestsController,
        IntakeController,
        ModerationController,
        TrustController,
        ReasonsController,
        ReportsController,
        DayListController,
        ...streamsControllers,
        StatusListsController,
      ],
      providers: [
        { provide: EVENTS, useValue: events },
        { provide: KEYHOLDER_PIN, useValue: parts.pin },
        { provide: CredentialIssuer, useValue: parts.issuer },
        { provide: AnswerSigner, useValue: parts.signer },
        { provide: StatusAnswers, useValue: new StatusAnswers(parts.signer) },
        {
          provide: ListTokens,
          useValue: new ListTokens(parts.signer, settings.publicUrl, settings.statusPublishSeconds),
        },
        { provide: HubKeys, useValue: new HubKeys({ ...parts.hubKeys, judgesArrivals: true }) },
        {
          provide: KeyholderClient,
          useValue: new KeyholderClient(new ServiceClient(settings.keyholderUrl, 'keyholder', tls)),
        },
        { provide: HubTokens, useValue: HubTokens.read(secrets.hubTokens) },
        { provide: OutsideClient, useValue: new OutsideClient({ ...parts.outside, anyAddress: !production }) },
        signalsRepository,
        NymsMetrics,
        ...[PseudonymsRepository, PseudonymsWriter, Credentials, RedemptionService, RenewalService, FurtherClientService],
        ...[ManifestsReader, ManifestProofs],
        ...[HubRules, HubQuestions, StatusService, HubLimits, IntakeService, DryRun, WeighingWake],
        ...[HubStreamsRepository, HubStreams, StreamVerifications, HubPoller],
        ...[ActsRepository, Acts, ActsSweeper, ApprovedRequests, HeldSignals],
        ...streamsProviders(parts.streams),
        ...[ReviewsRepository, Trust, ReasonsRepository, Reasons, Reports],
        ...[StatusListsReader, StatusListsWriter, StatusListPublisher, StatusIndices, ServedLists],
        ...enforcementProviders(settings.enforcementTickMs),
        ...[RetentionRepository, Retention],
        DayLists,
      ],
    };
  }

  constructor(health: Health, dayLists: DayLists) {
    health.add('keyholder', () => dayLists.ask());
  }
}
