/** The key holder, put together. Everything that can fail at start was opened by `main.ts` before this. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { PeopleChain } from '#approvals';
import type { MerkleTree } from '#audit';
import { CallersModule, PlatformModule, TlsModule } from '#platform';
import type { AppLogger, Clock, TlsIdentity } from '#platform';
import { PolicyModule } from '#policy';
import { AuditModule } from './audit/audit.module.js';
import type { LogWitnesses } from './audit/cosigning/log-witnesses.js';
import { BudgetsModule } from './budgets/budgets.module.js';
import { CohortsModule } from './cohorts/cohorts.module.js';
import type { Attesters } from './decisions/checks/attesters.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { EnforcementModule } from './enforcement/enforcement.module.js';
import { firstNumberOf } from './generation/generation-rules.js';
import { GenerationModule } from './generation/generation.module.js';
import type { Generation } from './generation/generation.js';
import { HandlesModule } from './handles/handles.module.js';
import { MintingModule } from './minting/minting.module.js';
import { RenewalsModule } from './renewals/renewals.module.js';
import { ShadowModule } from './shadow/shadow.module.js';
import { StandingsModule } from './standings/standings.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';
import { RefusalInterceptor } from './answers/refusal.interceptor.js';
import type { Secrets, Settings } from './config.js';
import { WriterModule } from './database/writer.module.js';
import type { Writer } from './database/writer.js';
import { DayListModule } from './day-list/day-list.module.js';
import type { TicketKeys } from './day-list/ticket-keys.js';
import { keyholderEvents } from './events.js';
import { EventsModule } from './events.module.js';
import { KeyEpochsModule } from './key-epochs/key-epochs.module.js';
import type { Schemes } from './key-epochs/schemes.js';
import type { KeyholderKeys } from './keys/keyholder-keys.js';
import { KeysModule } from './keys/keys.module.js';
import { PeopleModule } from './people/people.module.js';
import { RequestsModule } from './requests/requests.module.js';
import { ParametersModule } from './parameters/parameters.module.js';
import { SealingModule } from './sealing/process/sealing.module.js';
import type { SealedFolder } from './sealing/sealed-folder.js';
import type { Unsealed } from './sealing/share-collector.js';

export interface KeyholderParts {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
  readonly unsealed: Unsealed;
  /** where the secrets of the day lie */
  readonly sealed: SealedFolder;
  readonly keys: KeyholderKeys;
  readonly schemes: Schemes;
  readonly writer: Writer;
  readonly generation: Generation;
  /** as far as it was read to know the generation */
  readonly log: MerkleTree;
  readonly tls: TlsIdentity;
  /** those it knew at its start; grows */
  readonly people: PeopleChain;
  readonly attesters: Attesters;
  readonly logWitnesses: LogWitnesses;
  readonly ticketKeys: TicketKeys;
}

@Module({})
export class AppModule {
  static register(parts: KeyholderParts): DynamicModule {
    const { settings, secrets, production, logger, clock } = parts;
    const events = keyholderEvents(logger);
    const sizes = {
      slots: settings.cohortSlots ?? parts.schemes.set.slots,
      perBlock: settings.cohortsPerBlock,
      first: firstNumberOf(parts.generation.number),
    };
    return {
      module: AppModule,
      imports: [
        PlatformModule.register({ logger, clock, metricsToken: secrets.metricsToken }),
        TlsModule.register(parts.tls, logger),
        CallersModule.register(),
        EventsModule.register(logger),
        PolicyModule.forRoot({
          folder: settings.policyDir,
          people: parts.people,
          takesPeople: false,
          production,
          parameterSet: settings.parameterSet,
          onLive: ({ version }) => events.emit('policy-live', { version }),
          onRefused: ({ reason }) => events.emit('policy-refused', { reason }),
        }),
        KeysModule.register(parts.keys, parts.schemes),
        WriterModule.register(parts.writer),
        GenerationModule.register(parts.generation),
        CohortsModule.register(sizes),
        KeyEpochsModule.register(parts.sealed, settings.threads),
        AuditModule.register({ witnesses: parts.logWitnesses, deadlineMs: settings.auditDeadlineMs, log: parts.log }),
        BudgetsModule.register(settings),
        StandingsModule,
        PeopleModule.register(parts.people),
        DecisionsModule.register(parts.attesters),
        ShadowModule.register(settings),
        RequestsModule.register(settings),
        EnforcementModule,
        DayListModule.register({ sealed: parts.sealed, ticketKeys: parts.ticketKeys }),
        SealingModule.register(settings.secretsDir, parts.unsealed),
        ParametersModule,
        HandlesModule,
        MintingModule.register({ ticketKeys: parts.ticketKeys, sealKey: secrets.sealKey }),
        RenewalsModule,
        UpkeepModule,
      ],
      providers: [{ provide: APP_INTERCEPTOR, useClass: RefusalInterceptor }],
    };
  }
}
