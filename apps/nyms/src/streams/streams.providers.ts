/** The transmitter, put together from its plain parts. */
import type { Provider } from '@nestjs/common';
import { Clock, Health, remoteTokenKeys } from '#platform';
import { PolicyStore } from '#policy';
import { ReceiverGuard, StreamLimits } from './authorization/receiver.guard.js';
import { ReceiverTokens } from './authorization/receiver-tokens.js';
import { MetadataController, StreamsController, TRANSMITTER } from './configuration/streams.controller.js';
import { SealKey } from './configuration/seal-key.js';
import { StreamsRepository } from './configuration/streams.repository.js';
import { Streams } from './configuration/streams.service.js';
import type { TransmitterSettings } from './configuration/streams.service.js';
import { BacklogRepository } from './delivery/backlog.repository.js';
import { Delivering } from './delivery/delivering.service.js';
import { DeliveryMetrics } from './delivery/delivery-metrics.js';
import { DeliveryProcessor } from './delivery/delivery.processor.js';
import { DeliveryWake } from './delivery/delivery-wake.js';
import { PushClient } from './delivery/push-client.js';
import type { PushOptions } from './delivery/push-client.js';
import { QueueRepository } from './delivery/queue.repository.js';
import { StreamEvents } from './delivery/stream-events.repository.js';
import { Notices } from './notices/notices.repository.js';
import { SetKeys } from './notices/set-keys.js';
import { Arrivals } from './polling/arrivals.js';
import { PollingController } from './polling/polling.controller.js';
import { Polling } from './polling/polling.service.js';
import { AddedSubjects } from './subjects/added-subjects.repository.js';
import { SubjectsController } from './subjects/subjects.controller.js';
import { SubjectsRepository } from './subjects/subjects.repository.js';
import { Subjects } from './subjects/subjects.service.js';

export interface StreamsOptions {
  readonly settings: TransmitterSettings;
  readonly token: { readonly jwksUrl: string; readonly issuer: string; readonly audience: string };
  readonly setKeys: SetKeys;
  readonly sealKey: SealKey;
  /** For tests: names, authorities and patience of pushes. */
  readonly push?: Omit<PushOptions, 'production' | 'now'> | undefined;
}

export const streamsControllers = [MetadataController, StreamsController, SubjectsController, PollingController];

export const streamsProviders = ({ settings, token, setKeys, sealKey, push }: StreamsOptions): Provider[] => [
  { provide: TRANSMITTER, useValue: settings },
  { provide: SetKeys, useValue: setKeys },
  { provide: SealKey, useValue: sealKey },
  {
    provide: ReceiverTokens,
    inject: [PolicyStore, Clock],
    useFactory: (policies: PolicyStore, clock: Clock) =>
      new ReceiverTokens(remoteTokenKeys(token.jwksUrl), { issuer: token.issuer, audience: token.audience, clock }, policies),
  },
  {
    provide: PushClient,
    inject: [Clock],
    useFactory: (clock: Clock) => new PushClient({ ...push, production: settings.production, now: () => clock.now() }),
  },
  {
    provide: Streams,
    inject: [StreamsRepository, StreamEvents, PolicyStore, Clock],
    useFactory: (repository: StreamsRepository, events: StreamEvents, policies: PolicyStore, clock: Clock) =>
      new Streams(repository, events, setKeys, policies, clock, settings),
  },
  {
    provide: Delivering,
    inject: [QueueRepository, StreamEvents, PushClient, PolicyStore, DeliveryMetrics, Clock, Health],
    useFactory: (
      queue: QueueRepository,
      events: StreamEvents,
      client: PushClient,
      policies: PolicyStore,
      metrics: DeliveryMetrics,
      clock: Clock,
      health: Health,
    ) => new Delivering(queue, events, client, sealKey, policies, metrics, clock, health.ending),
  },
  ...[ReceiverGuard, StreamLimits, StreamsRepository, StreamEvents, SubjectsRepository, Subjects, AddedSubjects, Notices],
  ...[QueueRepository, BacklogRepository, DeliveryMetrics, DeliveryProcessor, DeliveryWake, Arrivals, Polling],
];
