/**
 * Carries out an approved request, once, for its requester: signatures and quorum are judged here from the stored request, the log has it
 * durable and cosigned before a selector is opened or anything changes, and the answer is sealed to the requester's key, so that no process
 * on the way learns it. A request that cannot be carried out is refused like every other.
 */
import { Injectable } from '@nestjs/common';
import { isRequestSignedBy, judgeApprovals, sealAnswer } from '#approvals';
import { fromBase64Url } from '#contracts';
import type { Approval, PersonEntry, RequestEntry } from '#contracts';
import { Clock, verify } from '#platform';
import { PolicyStore } from '#policy';
import { refused } from '../answers/refusal.js';
import { AuditLog } from '../audit/audit-log.js';
import { RefusalCounts } from '../audit/refusal-counts.js';
import { Writer, type Transaction } from '../database/writer.js';
import { PeopleRegistry } from '../people/people-registry.js';
import { holderOf } from '../standings/acts/acts.repository.js';
import { SlotOpener } from '../standings/slot-opener.js';
import type { Act, ActDone } from './acts/act.js';
import { ActTable } from './acts/act-table.js';
import { executedBody } from './executed-body.js';
import { NamedPseudonyms } from './named-pseudonym.js';
import type { NamedPseudonym, ShownPseudonym } from './named-pseudonym.js';
import { RequestBook } from './records/request-book.js';
import { markExecuted } from './records/requests.repository.js';

/** What was judged, before anything happens. */
interface Granted {
  readonly act: Act;
  readonly entry: RequestEntry;
  readonly requester: PersonEntry;
  readonly approvers: readonly string[];
}

@Injectable()
export class Execution {
  constructor(
    private readonly writer: Writer,
    private readonly registry: PeopleRegistry,
    private readonly book: RequestBook,
    private readonly acts: ActTable,
    private readonly pseudonyms: NamedPseudonyms,
    private readonly slots: SlotOpener,
    private readonly policies: PolicyStore,
    private readonly log: AuditLog,
    private readonly refusals: RefusalCounts,
    private readonly clock: Clock,
  ) {}

  /**
   * @param digest base64url. @param signature the requester's, for the execution
   * @returns the act's output, sealed to the requester, base64url. @throws Problem answer-refused or log-unavailable
   */
  async execute(digest: string, signature: Approval, shown: ShownPseudonym | undefined): Promise<string> {
    const granted = await this.writer.transaction((transaction) => this.grant(transaction, digest, signature));
    if (!granted) return this.refuse();
    const { act, requester, approvers } = granted;
    const { request } = granted.entry;
    const named = act.namesPseudonym ? this.pseudonyms.read(request, shown) : undefined;
    if (act.namesPseudonym && !named) return this.refuse();
    const auditors = this.registry.current.withRole('auditor');
    const { version: people } = this.registry.current;
    const body = await executedBody({ digest, request, approvers, people, uri: named?.uri, auditors });
    const { output, after } = await this.log.perform(body, async (announced) => {
      const slot = named && (await this.slots.open(named.selector, this.policies.live().document));
      if (named && slot === undefined) return this.refuse();
      return this.writer.transaction((transaction) => this.run(transaction, { granted, signature, named, slot, announced }));
    });
    await after?.();
    return sealAnswer(fromBase64Url(requester.sealTo), fromBase64Url(digest), output);
  }

  private async grant(transaction: Transaction, digest: string, signature: Approval): Promise<Granted | undefined> {
    const { current: people } = this.registry;
    const entry = await this.book.find(transaction, digest);
    if (entry?.state !== 'open') return undefined;
    const { request, approvals } = entry;
    const act = this.acts.of(request.type);
    const requester = people.person(request.requester);
    const own = signature.person === request.requester && isRequestSignedBy('execution', request, signature, people, verify);
    const judged = judgeApprovals(request, approvals, people, { now: this.clock.now(), verify });
    if (!act || !requester || !own || !judged.granted || !(await act.admits(request as never, transaction))) return undefined;
    return { act, entry, requester, approvers: judged.approvers };
  }

  private async run(transaction: Transaction, { granted, signature, named, slot, announced }: Run): Promise<ActDone> {
    const { act, requester } = granted;
    const { request, digest } = granted.entry;
    // between the judgement and now another act may have changed the registry, carried this one out, or taken its time
    const stillHolds =
      (await this.registry.digestIn(transaction)) === request.people &&
      this.clock.now().getTime() < Date.parse(request.expiresAt) &&
      (await act.admits(request as never, transaction)) &&
      (await markExecuted(transaction, fromBase64Url(digest), this.clock.today()));
    const handle = named && slot !== undefined ? await holderOf(transaction, named.selector.cohort, slot) : undefined;
    if (!stillHolds || (named && !handle)) throw refused();
    const requesterKey = requester.keys.find(({ kid }) => kid === signature.kid)?.key ?? '';
    const account = named && handle ? { handle, subject: named.selector.subject } : undefined;
    const done = await act.run(transaction, { ...granted.entry, request: request as never, requesterKey, named: account });
    await this.log.complete(transaction, announced);
    return done;
  }

  private async refuse(): Promise<never> {
    await this.refusals.note('request');
    throw refused();
  }
}

interface Run {
  readonly granted: Granted;
  readonly signature: Approval;
  readonly named: NamedPseudonym | undefined;
  readonly slot: number | undefined;
  readonly announced: number;
}
