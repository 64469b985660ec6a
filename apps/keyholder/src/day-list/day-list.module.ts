/** Today's public keys: the wrap keys and the signed list of the day. */
import { Controller, Get, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { toBase64Url } from '#contracts';
import type { DayList } from '#contracts';
import { Clock, OnlyFor } from '#platform';
import type { AuditFact } from '../audit/audit-body.js';
import { AuditLog } from '../audit/audit-log.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import type { SealedFolder } from '../sealing/sealed-folder.js';
import { dayListDigest, DayLists } from './day-lists.js';
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

@Module({})
export class DayListModule {
  static register({ sealed, ticketKeys }: DayListOptions): DynamicModule {
    return {
      global: true,
      module: DayListModule,
      controllers: [DayListController],
      providers: [
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
      exports: [WrapKeys, DayLists],
    };
  }
}

const rowOf = (list: DayList): AuditFact => ({
  type: 'day-list',
  listDay: list.body.day,
  digest: toBase64Url(dayListDigest(list)),
});
