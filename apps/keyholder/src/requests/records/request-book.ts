/** Requests as the services want them: opened, with the approvals under them and the state they are in. */
import { Injectable } from '@nestjs/common';
import { requestDigest } from '#approvals';
import { fromBase64Url } from '#contracts';
import type { Approval, RequestEntry, SignedRequest } from '#contracts';
import { Clock } from '#platform';
import type { Transaction } from '../../database/writer.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { PeopleRegistry } from '../../people/people-registry.js';
import { approvalsOf, readRequest, readRequests } from './requests.repository.js';
import type { RequestRow } from './requests.repository.js';
import { openRequest, sealRequest } from './sealed-request.js';

/** Answered by one list. What is open is always among them: there may not be as many. */
const mostListed = 500;

@Injectable()
export class RequestBook {
  constructor(
    private readonly keys: KeyholderKeys,
    private readonly registry: PeopleRegistry,
    private readonly clock: Clock,
  ) {}

  seal(request: SignedRequest): { digest: Uint8Array; sealed: Uint8Array } {
    const digest = requestDigest(request.request);
    return { digest, sealed: sealRequest(this.keys.prf, digest, request) };
  }

  /** @param digest base64url. @returns undefined for one that nobody made, or that is forgotten */
  async find(transaction: Transaction, digest: string): Promise<RequestEntry | undefined> {
    const bytes = fromBase64Url(digest);
    const row = await readRequest(transaction, bytes);
    return row && this.entry(row, (await approvalsOf(transaction, [bytes])).get(digest) ?? []);
  }

  async list(transaction: Transaction): Promise<RequestEntry[]> {
    const rows = await readRequests(transaction, mostListed);
    const approvals = await approvalsOf(
      transaction,
      rows.map(({ digest }) => digest),
    );
    return rows.flatMap((row) => this.entry(row, approvals.get(row.digest.toString('base64url')) ?? []) ?? []);
  }

  private entry({ digest, sealed, executedDay, closed }: RequestRow, approvals: Approval[]): RequestEntry | undefined {
    if (!sealed) return undefined;
    const { request, signature } = openRequest(this.keys.prf, digest, sealed);
    const over = closed || Date.parse(request.expiresAt) <= this.clock.now().getTime();
    const dead = over || request.people !== this.registry.current.digest;
    const state = executedDay !== null ? 'executed' : dead ? 'closed' : 'open';
    return { digest: digest.toString('base64url'), state, request, signature, approvals };
  }
}
