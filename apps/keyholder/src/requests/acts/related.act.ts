/**
 * Suspends or deletes the account behind a pseudonym, blindly, and marks it for the registrar: in the next full batch that names it, the
 * registrar is asked to find accounts with the same verified e-mail address or phone number. What it finds takes a request of its own.
 */
import { Injectable } from '@nestjs/common';
import { refused } from '../../answers/refusal.js';
import type { Transaction } from '../../database/writer.js';
import { Remedies } from '../../standings/acts/remedies.service.js';
import { markRelated, standOnApproval } from '../../standings/orders/orders.repository.js';
import { Releases } from '../../standings/releases/releases.service.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class RelatedAct implements Act<'related'> {
  readonly type = 'related';
  readonly namesPseudonym = true;

  constructor(
    private readonly remedies: Remedies,
    private readonly releases: Releases,
  ) {}

  admits(): boolean {
    return true; // how the account stands is nobody's to learn
  }

  async run(transaction: Transaction, { request, named }: Approved<'related'>): Promise<ActDone> {
    if (!named) throw refused();
    const { remedy } = request.parameters;
    await this.remedies.carryOut(transaction, named, remedy);
    await standOnApproval(transaction, [named.handle]);
    await markRelated(transaction, named.handle, remedy);
    return { output: { output: 'nothing' }, after: () => this.releases.run() };
  }
}
