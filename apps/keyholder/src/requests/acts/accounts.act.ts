/**
 * Suspends or deletes accounts that people name by handle: those of a proposal of the registrar, or a list. It is only ordered here; a full
 * release batch carries it out, with others, and nothing of it shows before.
 */
import { Injectable } from '@nestjs/common';
import { fromBase64Url } from '#contracts';
import type { RequestOf } from '#contracts';
import { refused } from '../../answers/refusal.js';
import type { Transaction } from '../../database/writer.js';
import { addOrders } from '../../standings/orders/orders.repository.js';
import { dropProposal } from '../../standings/proposals/proposals.repository.js';
import { Proposals } from '../../standings/proposals/proposals.service.js';
import { Releases } from '../../standings/releases/releases.service.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class AccountsAct implements Act<'accounts'> {
  readonly type = 'accounts';
  readonly namesPseudonym = false;

  constructor(
    private readonly proposals: Proposals,
    private readonly releases: Releases,
  ) {}

  /** A proposal is there until it is carried out; whether handles are anybody's is not told. */
  async admits({ parameters }: RequestOf<'accounts'>, transaction: Transaction): Promise<boolean> {
    return (await this.handlesOf(parameters, transaction)) !== undefined;
  }

  async run(transaction: Transaction, { request }: Approved<'accounts'>): Promise<ActDone> {
    const { parameters } = request;
    const handles = await this.handlesOf(parameters, transaction);
    if (!handles) throw refused();
    await addOrders(transaction, handles, parameters.remedy);
    if ('proposal' in parameters) await dropProposal(transaction, fromBase64Url(parameters.proposal));
    return { output: { output: 'nothing' }, after: () => this.releases.run() };
  }

  private async handlesOf(
    parameters: RequestOf<'accounts'>['parameters'],
    transaction: Transaction,
  ): Promise<Uint8Array[] | undefined> {
    if ('handles' in parameters) return parameters.handles.map((handle) => fromBase64Url(handle));
    return this.proposals.handlesOf(transaction, fromBase64Url(parameters.proposal), parameters.remedy);
  }
}
