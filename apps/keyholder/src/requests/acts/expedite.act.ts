/**
 * Ends every pseudonym of the account behind one at once, without the batch and the delays that keep them apart (protocol.md §7): for cases
 * where people have weighed that against being linked. The account is suspended for good by it, and nobody is told whether it was before.
 * The registrar is still told in a full batch only.
 */
import { Injectable } from '@nestjs/common';
import { carryOut } from '#cases';
import { Clock } from '#platform';
import { refused } from '../../answers/refusal.js';
import { AuditLog } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/writer.js';
import { AccountCase } from '../../standings/acts/account-case.js';
import { standOnApproval } from '../../standings/orders/orders.repository.js';
import { Releases } from '../../standings/releases/releases.service.js';
import { makeForce } from '../../standings/standings.repository.js';
import { Standings } from '../../standings/standings.service.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class ExpediteAct implements Act<'expedite'> {
  readonly type = 'expedite';
  readonly namesPseudonym = true;

  constructor(
    private readonly standings: Standings,
    private readonly releases: Releases,
    private readonly log: AuditLog,
    private readonly clock: Clock,
  ) {}

  admits(): boolean {
    return true; // how the account stands is nobody's to learn
  }

  async run(transaction: Transaction, { named }: Approved<'expedite'>): Promise<ActDone> {
    if (!named) throw refused();
    const { handle, subject } = named;
    const force = await makeForce(transaction, this.clock.now());
    const mark = this.standings.markOf(subject);
    const day = this.clock.today();
    await carryOut({ act: 'expedite' }, new AccountCase(transaction, { handle, mark, day, force, extra: 0, extraUntil: 0 }), day);
    await standOnApproval(transaction, [handle]);
    await this.log.note(transaction, { type: 'force', number: force });
    return { output: { output: 'nothing' }, after: () => this.releases.run() };
  }
}
