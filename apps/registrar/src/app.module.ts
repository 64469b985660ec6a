/** The registrar, put together: accounts, tickets, standings. Nothing it imports can name a pseudonym. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import { Clock, Health, Metrics, OpenApiModule, PlatformModule, ServiceClient, TlsModule } from '#platform';
import type { AppLogger, TlsIdentity } from '#platform';
import { PolicyModule, PolicyStore } from '#policy';
import { AccessTokens } from './accounts/access-token.js';
import { AccountGuard } from './accounts/account.guard.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { NightlyRewrite } from './accounts/nightly-rewrite.js';
import { RewriteRepository } from './accounts/rewrite.repository.js';
import { TombstonesRepository } from './accounts/tombstones.repository.js';
import type { Secrets, Settings } from './config.js';
import { registrarDatabase } from './database.repository.js';
import { EnrolmentController } from './enrolment/enrolment.controller.js';
import { ReplacementController } from './enrolment/replacement.controller.js';
import { EnrolmentService } from './enrolment/enrolment.service.js';
import { EVENTS } from './events.js';
import type { RegistrarEvents } from './events.js';
import { KeyholderClient } from './keyholder/keyholder-client.js';
import { LookupController } from './lookups/lookup.controller.js';
import { Lookups } from './lookups/lookup.service.js';
import { RegistrarMetrics } from './metrics.js';
import { ContactsRepository } from './relations/contacts.repository.js';
import { CONTACT_KEY, ContactsService } from './relations/contacts.service.js';
import { FindingsRepository } from './relations/findings.repository.js';
import { RELEASE_POLL_MS, ReleasePoller } from './releases/release-poller.js';
import { ReleasesRepository } from './releases/releases.repository.js';
import { apiInfo, routes } from './routes.js';
import { APPEAL_URL, StandingController } from './standing/standing.controller.js';
import { TicketKeys } from './tickets/ticket-keys.js';
import type { TicketSecrets } from './tickets/ticket-keys.js';
import { TicketsController } from './tickets/tickets.controller.js';
import { LIVE_POLICY, TicketsService } from './tickets/tickets.service.js';

export interface RegistrarParts {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly ticketSecrets: TicketSecrets;
  /** 32 bytes; without one no contact is noted */
  readonly contactKey: Uint8Array | undefined;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
  readonly events: RegistrarEvents;
  readonly tls: TlsIdentity;
  /** the identity provider's keys */
  readonly accountKeys: JWTVerifyGetKey;
}

@Module({})
export class AppModule {
  static register(parts: RegistrarParts): DynamicModule {
    const { settings, secrets, production, logger, clock, events, tls } = parts;
    const { policyDir: folder } = settings;
    const rules = { issuer: settings.tokenIssuer, audience: settings.tokenAudience, clock };
    return {
      module: AppModule,
      imports: [
        PlatformModule.register({ logger, clock, metricsToken: secrets.metricsToken }),
        TlsModule.register(tls, logger),
        OpenApiModule.register(apiInfo, routes),
        registrarDatabase(settings.databaseUrl),
        PolicyModule.forRoot({
          folder,
          people: settings.peopleFile,
          production,
          onLive: ({ version }) => events.emit('policy-live', { version }),
          onRefused: ({ reason }) => events.emit('policy-refused', { reason }),
        }),
      ],
      controllers: [EnrolmentController, ReplacementController, TicketsController, StandingController, LookupController],
      providers: [
        { provide: EVENTS, useValue: events },
        { provide: LIVE_POLICY, useExisting: PolicyStore },
        { provide: CONTACT_KEY, useValue: parts.contactKey },
        { provide: APPEAL_URL, useValue: settings.appealUrl },
        { provide: RELEASE_POLL_MS, useValue: settings.releasePollMs },
        { provide: AccessTokens, useValue: new AccessTokens(parts.accountKeys, rules) },
        { provide: RegistrarMetrics, inject: [Metrics], useFactory: (metrics: Metrics) => new RegistrarMetrics(metrics) },
        {
          provide: KeyholderClient,
          useValue: new KeyholderClient(new ServiceClient(settings.keyholderUrl, 'keyholder', tls), clock),
        },
        {
          provide: TicketKeys,
          inject: [KeyholderClient, Health],
          useFactory: (keyholder: KeyholderClient, health: Health) => {
            const keys = new TicketKeys(parts.ticketSecrets, keyholder, events);
            health.add('keyholder', () => keys.check());
            return keys;
          },
        },
        AccountGuard,
        AccountsRepository,
        ContactsRepository,
        ContactsService,
        FindingsRepository,
        TombstonesRepository,
        EnrolmentService,
        Lookups,
        TicketsService,
        ReleasesRepository,
        ReleasePoller,
        RewriteRepository,
        NightlyRewrite,
      ],
    };
  }
}
