/** `GET /v1/standing`: what the registrar itself knows, to the month and no finer, and how to appeal (protocol.md §3). */
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { isoMonth } from '#contracts';
import type { AccountId } from '../accounts/access-token.js';
import { Account, AccountGuard } from '../accounts/account.guard.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { TombstonesRepository } from '../accounts/tombstones.repository.js';

/** Injection token of the address. */
export const APPEAL_URL = Symbol('appeal url');

@Controller('v1/standing')
@UseGuards(AccountGuard)
export class StandingController {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly tombstones: TombstonesRepository,
    @Inject(APPEAL_URL) private readonly appeal: string,
  ) {}

  @Get()
  async standing(@Account() account: AccountId) {
    const row = await this.accounts.find(account);
    if (!row && (await this.tombstones.isDeleted(account))) return { standing: 'suspended', appeal: this.appeal };
    if (!row?.suspended) return { standing: 'active', appeal: this.appeal };
    const since = row.suspendedMonth === undefined ? {} : { suspendedSince: isoMonth(row.suspendedMonth) };
    return { standing: 'suspended', ...since, appeal: this.appeal };
  }
}
