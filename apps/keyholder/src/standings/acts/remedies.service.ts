/**
 * What several people have approved about the account behind a pseudonym (protocol.md §7): it is suspended for good with all its pseudonyms, each
 * ending at a time of its own, or deleted as well. Blind, as every act: nothing here says how the account stood.
 */
import { Injectable } from '@nestjs/common';
import { carryOut } from '#cases';
import type { AccountRemedy } from '#contracts';
import { Clock } from '#platform';
import type { Transaction } from '../../database/writer.js';
import { Deletions } from '../deletions/deletions.service.js';
import { Standings } from '../standings.service.js';
import { AccountCase } from './account-case.js';

@Injectable()
export class Remedies {
  constructor(
    private readonly standings: Standings,
    private readonly deletions: Deletions,
    private readonly clock: Clock,
  ) {}

  /** @param named the account, and the subject of the pseudonym that the request names */
  async carryOut(
    transaction: Transaction,
    { handle, subject }: { readonly handle: Uint8Array; readonly subject: Uint8Array },
    remedy: AccountRemedy,
  ): Promise<void> {
    const day = this.clock.today();
    const account = new AccountCase(transaction, { handle, mark: this.standings.markOf(subject), day, extra: 0, extraUntil: 0 });
    await carryOut({ act: remedy === 'delete' ? 'delete' : 'remove' }, account, day);
    if (remedy === 'delete') await this.deletions.begin(transaction, handle);
  }
}
