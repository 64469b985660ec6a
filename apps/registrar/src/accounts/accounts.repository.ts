/**
 * Accounts in PostgreSQL. What stays of a ticket is two counters, changed by one conditional statement: the row lock it takes makes
 * it right under any number of concurrent requests and registrars. Never a jti, never a time finer than a day.
 */
import { Injectable } from '@nestjs/common';
import { periodOf } from '#contracts';
import type { Handle } from '#contracts';
import { PrismaClient } from '#db/registrar';
import type { Counters, TicketLimits } from '../tickets/bucket.js';
import type { AccountId } from './access-token.js';

export interface AccountRow extends Counters {
  readonly handle: Handle;
  /** undefined until the account has enrolled */
  readonly holderKey: Uint8Array | undefined;
  readonly suspended: boolean;
  /** first day of the month */
  readonly suspendedMonth: number | undefined;
}

@Injectable()
export class AccountsRepository {
  constructor(private readonly database: PrismaClient) {}

  async find(account: AccountId): Promise<AccountRow | undefined> {
    const row = await this.database.account.findUnique({ where: { subject: account } });
    if (!row) return undefined;
    const { subject: _, handle, holderKey, suspendedMonth, ...rest } = row;
    return {
      ...rest,
      handle: handle as Uint8Array as Handle,
      holderKey: holderKey ?? undefined,
      suspendedMonth: suspendedMonth ?? undefined,
    };
  }

  /** Whose handle it is; for an approved lookup. */
  async accountOf(handle: Uint8Array): Promise<AccountId | undefined> {
    const row = await this.database.account.findUnique({
      where: { handle: Uint8Array.from(handle) },
      select: { subject: true },
    });
    return row?.subject as AccountId | undefined;
  }

  /** The account's row; made with `fresh` as its handle when there is none. Two callers at once get the same row. */
  async findOrMake(account: AccountId, fresh: Handle): Promise<AccountRow> {
    const data = [{ subject: account, handle: Uint8Array.from(fresh) }];
    await this.database.account.createMany({ data, skipDuplicates: true });
    const row = await this.find(account);
    if (!row) throw new Error('an account row vanished while it was made');
    return row;
  }

  /** Notes the holder key once the key holder has said that it is the account's. */
  async noteHolderKey(account: AccountId, holderKey: Uint8Array): Promise<void> {
    await this.database.account.updateMany({ where: { subject: account }, data: { holderKey: Uint8Array.from(holderKey) } });
  }

  /**
   * Counts `count` tickets for today and this period if the account is enrolled, active and both limits allow, and gives its handle.
   * A clock that is behind another registrar's does not reset what was counted for a later day.
   */
  async takeTickets(account: AccountId, count: number, limits: TicketLimits, day: number): Promise<Handle | undefined> {
    const period = periodOf(day);
    const rows = await this.database.$queryRaw<{ handle: Uint8Array }[]>`
      UPDATE registrar.accounts SET
        tickets_today = CASE WHEN ticket_day >= ${day}::int THEN tickets_today ELSE 0 END + ${count}::int,
        ticket_day = GREATEST(ticket_day, ${day}::int),
        tickets_in_period = CASE WHEN ticket_period >= ${period}::int THEN tickets_in_period ELSE 0 END + ${count}::int,
        ticket_period = GREATEST(ticket_period, ${period}::int)
      WHERE subject = ${account} AND holder_key IS NOT NULL AND NOT suspended
        AND CASE WHEN ticket_day >= ${day}::int THEN tickets_today ELSE 0 END + ${count}::int <= ${limits.ticketsPerDay}::int
        AND CASE WHEN ticket_period >= ${period}::int THEN tickets_in_period ELSE 0 END + ${count}::int
          <= ${limits.ticketsPerPeriod}::int
      RETURNING handle`;
    return rows[0] && (new Uint8Array(rows[0].handle) as Handle);
  }
}
