/**
 * Deletes the account behind a pseudonym, blindly (protocol.md §7): suspended for good and, being approved by several, with all its
 * pseudonyms; the registrar is told to delete it in a batch of such, and what is kept here is a mark that keeps its holder key out.
 */
import { Injectable } from '@nestjs/common';
import { refused } from '../../answers/refusal.js';
import type { Transaction } from '../../database/writer.js';
import { Remedies } from '../../standings/acts/remedies.service.js';
import { Releases } from '../../standings/releases/releases.service.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class DeletionAct implements Act<'deletion'> {
  readonly type = 'deletion';
  readonly namesPseudonym = true;

  constructor(
    private readonly remedies: Remedies,
    private readonly releases: Releases,
  ) {}

  admits(): boolean {
    return true; // whether the account is deleted already is nobody's to learn
  }

  async run(transaction: Transaction, { named }: Approved<'deletion'>): Promise<ActDone> {
    if (!named) throw refused();
    await this.remedies.carryOut(transaction, named, 'delete');
    return { output: { output: 'nothing' }, after: () => this.releases.run() };
  }
}
