/**
 * Tickets for an account (protocol.md §3, step 1): counted durably first, signed after, so that no crash and no second registrar
 * gives more than the policy allows. Nothing of a ticket is stored; its jti exists in this answer only.
 */
import { Inject, Injectable } from '@nestjs/common';
import { Problem, toBase64Url } from '#contracts';
import { Clock } from '#platform';
import { issueTicket } from '#tickets';
import type { AccountId } from '../accounts/access-token.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { TombstonesRepository } from '../accounts/tombstones.repository.js';
import { msUntil, nextDayFor } from './bucket.js';
import type { TicketLimits } from './bucket.js';
import { TicketKeys } from './ticket-keys.js';

/** The policy that is live when asked, as far as the registrar follows it. */
export interface LivePolicy {
  live(): { readonly document: { readonly limits: TicketLimits } };
}
export const LIVE_POLICY = Symbol('live policy');

@Injectable()
export class TicketsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly tombstones: TombstonesRepository,
    private readonly keys: TicketKeys,
    private readonly clock: Clock,
    @Inject(LIVE_POLICY) private readonly policy: LivePolicy,
  ) {}

  /** All `count` or none. Throws Problem not-enrolled, account-suspended, ticket-limit-reached. */
  async take(account: AccountId, count: number): Promise<string[]> {
    const issuer = await this.keys.issuer();
    const { limits } = this.policy.live().document;
    const day = this.clock.today();
    const handle = await this.accounts.takeTickets(account, count, limits, day);
    if (!handle) throw await this.refusal(account, count, limits, day);
    const tickets = await Promise.all(Array.from({ length: count }, () => issueTicket(issuer, handle, day)));
    return tickets.map(toBase64Url);
  }

  private async refusal(account: AccountId, count: number, limits: TicketLimits, day: number): Promise<Problem> {
    const row = await this.accounts.find(account);
    if (!row && (await this.tombstones.isDeleted(account))) return new Problem('account-suspended');
    if (row?.holderKey === undefined) return new Problem('not-enrolled');
    if (row.suspended) return new Problem('account-suspended');
    const retryAfterMs = msUntil(nextDayFor(row, count, limits, day), this.clock.now());
    const tooMany = count > Math.min(limits.ticketsPerDay, limits.ticketsPerPeriod);
    return new Problem('ticket-limit-reached', {
      retryAfterMs,
      ...(tooMany && { detail: 'body.count is over the limit itself' }),
    });
  }
}
