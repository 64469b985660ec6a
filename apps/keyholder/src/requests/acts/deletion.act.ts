/**
 * Deletes the account behind a pseudonym, blindly (protocol.md §7): suspended for good and, being approved by several, with all its
 * pseudonyms; the registrar is told to delete it in a batch of such, and what is kept here is a mark that keeps its holder key out.
 */
import { Injectable } from '@nestjs/common';
import { carryOut } from '#cases';
import { Clock } from '#platform';
import { refused } from '../../answers/refusal.js';
import type { Transaction } from '../../database/writer.js';
import { AccountCase } from '../../standings/acts/account-case.js';
import { Deletions } from '../../standings/deletions/deletions.service.js';
import { Releases } from '../../standings/releases/releases.service.js';
import { Standings } from '../../standings/standings.service.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class DeletionAct implements Act<'deletion'> {
  readonly type = 'deletion';
  readonly namesPseudonym = true;

  constructor(
    private readonly standings: Standings,
    private readonly deletions: Deletions,
    private readonly releases: Releases,
    private readonly clock: Clock,
  ) {}

  admits(): boolean {
    return true; // whether the account is deleted already is nobody's to learn
  }

  async run(transaction: Transaction, { named }: Approved<'deletion'>): Promise<ActDone> {
    if (!named) throw refused();
    const day = this.clock.today();
    const { handle, subject } = named;
    const account = new AccountCase(transaction, { handle, mark: this.standings.markOf(subject), day, extra: 0, extraUntil: 0 });
    await carryOut({ act: 'delete' }, account, day);
    await this.deletions.begin(transaction, handle);
    return { output: { output: 'nothing' }, after: () => this.releases.run() };
  }
}
