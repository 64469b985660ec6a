/** Today's public keys: the wrap keys and the signed list of the day, and whose tickets are accepted. */
import { Controller, Get, Inject, Module } from '@nestjs/common';
import type { BeforeApplicationShutdown, DynamicModule, OnModuleInit } from '@nestjs/common';
import { toBase64Url } from '#contracts';
import type { DayList } from '#contracts';
import { Clock, OnlyFor, Repeated } from '#platform';
import type { AuditFact } from '../audit/audit-body.js';
import { AuditLog } from '../audit/audit-log.js';
import { Writer } from '../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../events.js';
import { Generation } from '../generation/generation.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import type { SealedFolder } from '../sealing/sealed-folder.js';
import { dayListDigest, DayLists } from './day-lists.js';
import { TicketKeyLog } from './ticket-key-log.js';
import type { TicketKeys } from './ticket-keys.js';
import { WrapKeys } from './wrap-keys.js';

@Controller('v1/day-list')
export class DayListController {
  constructor(private readonly dayLists: DayLists) {}

  @Get()
  @OnlyFor('registrar', 'nyms')
  today(): Promise<DayList> {
    return this.dayLists.today();
  }
}

export interface DayListOptions {
  readonly sealed: SealedFolder;
  readonly ticketKeys: TicketKeys;
}

const followMs = 1_000;

@Module({})
export class DayListModule implements OnModuleInit, BeforeApplicationShutdown {
  private readonly following = new Repeated(
    () => this.ticketKeys.follow(),
    (error) => this.events.emit('upkeep-failed', {}, error),
  );

  constructor(
    private readonly ticketKeys: TicketKeyLog,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  static register({ sealed, ticketKeys }: DayListOptions): DynamicModule {
    return {
      global: true,
      module: DayListModule,
      controllers: [DayListController],
      providers: [
        {
          provide: TicketKeyLog,
          inject: [Writer, AuditLog, Generation],
          useFactory: (writer: Writer, log: AuditLog, generation: Generation) =>
            new TicketKeyLog(ticketKeys, writer, log, generation),
        },
        {
          provide: WrapKeys,
          inject: [Clock],
          useFactory: (clock: Clock) => WrapKeys.open(sealed, clock.today()),
        },
        {
          provide: DayLists,
          inject: [Clock, KeyholderKeys, WrapKeys, AuditLog],
          useFactory: (clock: Clock, keys: KeyholderKeys, wrapKeys: WrapKeys, audit: AuditLog) =>
            new DayLists({
              folder: sealed.folder,
              clock,
              keys,
              wrapKeys,
              ticketKey: () => ticketKeys.newest,
              onMade: (list) => audit.record(rowOf(list)),
            }),
        },
      ],
      exports: [WrapKeys, DayLists, TicketKeyLog],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.ticketKeys.open();
    this.following.start(followMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.following.stop();
  }
}

const rowOf = (list: DayList): AuditFact => ({
  type: 'day-list',
  listDay: list.body.day,
  digest: toBase64Url(dayListDigest(list)),
});
