/**
 * Blind acts (protocol.md §6, §7): a moderator suspends, for good or for some days, or reinstates the account behind a pseudonym without
 * anybody learning which it is.
 * The receipt is the same whatever the account's standing was, and the same again for the same statement, which has its effect once.
 * An act is in the log and cosigned before the selector is opened.
 */
import { Injectable } from '@nestjs/common';
import { carryOut } from '#cases';
import { EXPIRY_WEEKS, expiryDay, labels, periodOf, sameBytes, toBase64Url, type ActStatement } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { checkSelector, checkSubject, SelectorRefused, type Selector } from '#pseudonyms';
import { refused } from '../../answers/refusal.js';
import type { RefusalKind } from '../../audit/audit-body.js';
import { AuditLog } from '../../audit/audit-log.js';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import { RefusalCounts } from '../../audit/refusal-counts.js';
import { Writer, type Transaction } from '../../database/writer.js';
import { Generation } from '../../generation/generation.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { prfLabels } from '../../keys/prf.js';
import { Releases } from '../releases/releases.service.js';
import { SlotOpener } from '../slot-opener.js';
import { Standings } from '../standings.service.js';
import { makeForce } from '../standings.repository.js';
import { AccountCase } from './account-case.js';
import { holderOf, receiptOf, useStatement } from './acts.repository.js';
import { mayAct, statementDigest } from './statement-check.js';

export interface Act {
  readonly statement: ActStatement;
  /** base64url */
  readonly signature: string;
  readonly selector: Selector;
  /** Opens the selector's subject together with the statement's URI. */
  readonly salt: Uint8Array;
  readonly spki: Uint8Array;
}

@Injectable()
export class Acts {
  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly generation: Generation,
    private readonly slots: SlotOpener,
    private readonly policies: PolicyStore,
    private readonly policy: FollowedPolicy,
    private readonly standings: Standings,
    private readonly releases: Releases,
    private readonly log: AuditLog,
    private readonly refusals: RefusalCounts,
    private readonly clock: Clock,
  ) {}

  /** @returns 64 bytes, the receipt. @throws Problem answer-refused or log-unavailable */
  async act(act: Act): Promise<Uint8Array> {
    const { statement, signature, selector, salt, spki } = act;
    const { document } = this.policies.live();
    if (this.generation.isOfBefore(statement.day)) return this.refuse('statement');
    if (!mayAct(statement, signature, document, this.policies.people.newest)) return this.refuse('statement');
    try {
      checkSelector(this.keys.pinned, selector);
      checkSubject(selector, { salt, uri: statement.uri, spki });
    } catch (error) {
      if (error instanceof SelectorRefused) return this.refuse('selector');
      throw error;
    }
    const digest = statementDigest(statement);
    const receipt = this.keys.sign(labels.actReceipt, digest);
    const used = await this.writer.transaction((transaction) => receiptOf(transaction, statement.id));
    if (used) return sameBytes(used, receipt) ? receipt : this.refuse('statement');
    await this.policy.some();
    const force = await this.log.perform({ type: 'act', statement: toBase64Url(digest) }, async (announced) => {
      const slot = await this.slots.open(selector, document);
      if (slot === undefined) return this.refuse('selector');
      return this.writer.transaction((transaction) => this.take(transaction, act, { slot, receipt, announced }));
    });
    if (force !== undefined) this.standings.reinstated(force);
    await this.releases.run();
    return receipt;
  }

  /** @returns the force number of a reinstatement. @throws Problem answer-refused when nobody holds the slot any more */
  private async take(
    transaction: Transaction,
    { statement, selector }: Act,
    { slot, receipt, announced }: { slot: number; receipt: Uint8Array; announced: number },
  ): Promise<number | undefined> {
    if ((await useStatement(transaction, statement.id, receipt)) !== 'new') throw refused(); // by another request, meanwhile
    const { document } = await this.policy.live(transaction);
    const handle = await holderOf(transaction, selector.cohort, slot);
    if (!handle) throw refused();
    await this.log.complete(transaction, announced);
    const day = this.clock.today();
    const reinstates = statement.type === 'reinstate';
    // a new force number whether or not there was anything to end: nyms runs its pass again, and learns nothing from that
    const force = reinstates ? await makeForce(transaction, this.clock.now()) : undefined;
    const account = new AccountCase(transaction, {
      handle,
      mark: this.standings.markOf(selector.subject),
      day,
      extra: document.limits.freePseudonyms,
      extraUntil: expiryDay(periodOf(day), EXPIRY_WEEKS.most),
      ...(force !== undefined && { force }),
    });
    const by = Buffer.from(this.keys.prf.bytes(prfLabels.moderator, handle, statement.by)).toString('hex');
    const { days } = statement;
    await carryOut(reinstates ? { act: 'reinstate' } : { act: 'suspend', by, ...(days && { days }) }, account, day);
    return force;
  }

  private async refuse(kind: RefusalKind): Promise<never> {
    await this.refusals.note(kind);
    throw refused();
  }
}
