/**
 * Suspends or deletes the account behind a pseudonym, blindly, and marks it for the registrar: in the next full batch that names it, the
 * registrar is asked to find accounts with the same verified e-mail address or phone number. What it finds takes a request of its own.
 */
import { Injectable } from '@nestjs/common';
import { carryOut } from '#cases';
import { Clock } from '#platform';
import { refused } from '../../answers/refusal.js';
import type { Transaction } from '../../database/writer.js';
import { AccountCase } from '../../standings/acts/account-case.js';
import { Deletions } from '../../standings/deletions/deletions.service.js';
import { markRelated, standOnApproval } from '../../standings/orders/orders.repository.js';
import { Releases } from '../../standings/releases/releases.service.js';
import { Standings } from '../../standings/standings.service.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class RelatedAct implements Act<'related'> {
  readonly type = 'related';
  readonly namesPseudonym = true;

  constructor(
    private readonly standings: Standings,
    private readonly deletions: Deletions,
    private readonly releases: Releases,
    private readonly clock: Clock,
  ) {}

  admits(): boolean {
    return true; // how the account stands is nobody's to learn
  }

  async run(transaction: Transaction, { request, named }: Approved<'related'>): Promise<ActDone> {
    if (!named) throw refused();
    const { handle, subject } = named;
    const { remedy } = request.parameters;
    const day = this.clock.today();
    const account = new AccountCase(transaction, { handle, mark: this.standings.markOf(subject), day, extra: 0, extraUntil: 0 });
    await carryOut({ act: remedy === 'delete' ? 'delete' : 'remove' }, account, day);
    if (remedy === 'delete') await this.deletions.begin(transaction, handle);
    await standOnApproval(transaction, [handle]);
    await markRelated(transaction, handle, remedy);
    return { output: { output: 'nothing' }, after: () => this.releases.run() };
  }
}
