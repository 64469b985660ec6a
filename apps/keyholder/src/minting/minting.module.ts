/** Minting. Needs a global provider of StandingCheck. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { fromBase64Url } from '#contracts';
import type { Secret } from '#platform';
import { importAesKey } from '#tickets';
import type { TicketKeys } from '../day-list/ticket-keys.js';
import { MintLedger } from './mint-ledger.js';
import { MintingController } from './minting.controller.js';
import { MintingService, TICKET_OPENERS } from './minting.service.js';
import type { TicketOpeners } from './minting.service.js';

export interface MintingOptions {
  readonly ticketKeys: TicketKeys;
  /** 32 bytes, base64url */
  readonly sealKey: Secret;
}

@Module({})
export class MintingModule {
  static register({ ticketKeys, sealKey }: MintingOptions): DynamicModule {
    const openers = async (): Promise<TicketOpeners> => ({
      ticketKeys,
      sealKey: await importAesKey(fromBase64Url(sealKey.text())),
    });
    return {
      module: MintingModule,
      controllers: [MintingController],
      providers: [{ provide: TICKET_OPENERS, useFactory: openers }, MintLedger, MintingService],
    };
  }
}
