/**
 * Requests are made and approved here (protocol.md §7, "Break-glass"). Each step is signed by a person of the registry over the very request,
 * checked by this process against its own registry, and a row of the log. Whatever does not fit is one and the same refusal.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { approvalFault, isRequestSignedBy, requestFault } from '#approvals';
import { DAY_MS, toBase64Url } from '#contracts';
import type { Approval, RequestEntry, SignedRequest } from '#contracts';
import { Clock, Repeated, verify } from '#platform';
import { refused } from '../answers/refusal.js';
import { AuditLog } from '../audit/audit-log.js';
import { RefusalCounts } from '../audit/refusal-counts.js';
import { Writer } from '../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../events.js';
import { Generation } from '../generation/generation.js';
import { PeopleRegistry } from '../people/people-registry.js';
import { ActTable } from './acts/act-table.js';
import { RequestBook } from './records/request-book.js';
import { addApproval, addRequest, closeExpired, openRequests } from './records/requests.repository.js';

/** The longest life of a request. */
const mostDays = 7;
/** So that people see what is open, and nobody fills the table. */
const mostOpen = 200;
/** Days after the expiry until the text of a request is forgotten; what stays are digests and the log. */
const keptDays = 30;
const tickMs = 10_000;

@Injectable()
export class Requests implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly closing = new Repeated(
    () => this.close(),
    (error) => this.events.emit('upkeep-failed', {}, error),
  );

  constructor(
    private readonly writer: Writer,
    private readonly registry: PeopleRegistry,
    private readonly book: RequestBook,
    private readonly acts: ActTable,
    private readonly log: AuditLog,
    private readonly refusals: RefusalCounts,
    private readonly generation: Generation,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  /** The same request again changes nothing. @returns its digest, base64url. @throws Problem answer-refused */
  async make(signed: SignedRequest): Promise<string> {
    const { request, signature } = signed;
    const { current: people } = this.registry;
    const now = this.clock.now();
    const own = signature.person === request.requester && isRequestSignedBy('request', request, signature, people, verify);
    const tooLong = Date.parse(request.expiresAt) > now.getTime() + mostDays * DAY_MS;
    const act = this.acts.of(request.type);
    const ofOther = (request.generation ?? 1) !== this.generation.number;
    if (!own || tooLong || ofOther || !act || requestFault(request, people, now)) return this.refuse('request');
    const { digest, sealed } = this.book.seal(signed);
    const taken = await this.writer.transaction(async (transaction) => {
      if (await this.book.find(transaction, toBase64Url(digest))) return true;
      if ((await openRequests(transaction)) >= mostOpen || !(await act.admits(request, transaction))) return false;
      if (!(await addRequest(transaction, { digest, type: request.type, sealed, expiresAt: new Date(request.expiresAt) })))
        return false; // it is forgotten, and stays over
      const { type: kind, requester } = request;
      await this.log.note(transaction, { type: 'request', request: toBase64Url(digest), kind, requester });
      return true;
    });
    return taken ? toBase64Url(digest) : this.refuse('request');
  }

  /** The same approval again changes nothing. @throws Problem answer-refused */
  async approve(digest: string, approval: Approval): Promise<void> {
    const taken = await this.writer.transaction(async (transaction) => {
      const entry = await this.book.find(transaction, digest);
      const { current: people } = this.registry;
      if (entry?.state !== 'open' || requestFault(entry.request, people, this.clock.now())) return false;
      if (approvalFault(entry.request, approval, people, verify)) return false;
      const there = await addApproval(transaction, Buffer.from(digest, 'base64url'), approval);
      if (there !== 'new') return there?.signature === approval.signature; // another key of the same person adds nothing
      await this.log.note(transaction, { type: 'approval', request: digest, person: approval.person });
      return true;
    });
    if (!taken) await this.refuse('approval');
  }

  list(): Promise<RequestEntry[]> {
    return this.writer.transaction((transaction) => this.book.list(transaction));
  }

  onApplicationBootstrap(): void {
    this.closing.start(tickMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.closing.stop();
  }

  /** Closes what has expired, for good: a clock that is set back later brings no request to life. */
  close(): Promise<void> {
    const now = this.clock.now();
    const keptUntil = new Date(now.getTime() - keptDays * DAY_MS);
    return this.writer.transaction((transaction) => closeExpired(transaction, now, keptUntil));
  }

  private async refuse(kind: 'request' | 'approval'): Promise<never> {
    await this.refusals.note(kind);
    throw refused();
  }
}
