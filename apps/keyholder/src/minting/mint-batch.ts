/**
 * The rules of minting over one pool of tickets (protocol.md §2, §3): who gets a position and where, who is refused, and what is
 * written. Tickets of one pool see each other, so neither a ticket nor a cap can be passed by asking twice at once. No I/O.
 */
import { EXPIRY_WEEKS, expiryDay, periodOf } from '#contracts';
import type { SelectorId } from '#contracts';
import type { RefusalReason } from '#tickets';
import { drawCohort } from '../cohorts/cohort-rules.js';
import type { CohortBook } from '../cohorts/cohort-book.js';
import { numberBelow, prfLabels } from '../keys/prf.js';
import type { Prf } from '../keys/prf.js';
import type { OpenedTicket } from './opened-ticket.js';
import { handleHex } from './standing-check.js';

export interface Account {
  readonly commended: boolean;
  /** live pseudonyms */
  live: number;
  /** extra allowance, 0 unless reinstated */
  readonly extra: number;
}

/** What a spent mark still says; without these fields a retry is refused as spent. */
export interface SpentFields {
  readonly wrappedHash: Uint8Array;
  readonly list: number;
  readonly period: number;
}

export interface MintFacts {
  readonly day: number;
  readonly limits: { readonly freePseudonyms: number; readonly maxPseudonyms: number };
  /** by hex of the handle; unknown handles are absent */
  readonly accounts: Map<string, Account>;
  /** hex of handles with a standing in force */
  readonly standing: ReadonlySet<string>;
  /** by hex of the mark */
  readonly spent: Map<string, SpentFields | undefined>;
  /** slot by `<hex of handle>/<cohort>` */
  readonly slots: Map<string, number>;
}

export interface Minted {
  readonly kind: 'minted';
  readonly selectorId: SelectorId;
  readonly keyEpoch: number;
  readonly cohort: number;
  readonly slot: number;
  readonly period: number;
  readonly expiryDay: number;
}
export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason | undefined;
}

export interface SpentRow {
  readonly mark: Uint8Array;
  readonly retry: SpentFields | undefined;
  readonly expiryDay: number;
}
export interface PositionRow {
  readonly cohort: number;
  readonly slot: number;
  readonly handle: Uint8Array;
  lastDay: number;
}
export interface LiveRow {
  readonly handle: Uint8Array;
  readonly expiryDay: number;
  count: number;
}

export class MintBatch {
  readonly spentRows: SpentRow[] = [];
  private readonly positionRows = new Map<string, PositionRow>();
  private readonly liveRows = new Map<string, LiveRow>();

  constructor(
    private readonly prf: Prf,
    private readonly book: CohortBook,
    private readonly facts: MintFacts,
  ) {}

  get positions(): PositionRow[] {
    return [...this.positionRows.values()];
  }

  get liveCounts(): LiveRow[] {
    return [...this.liveRows.values()];
  }

  /** @param proven the redeem signature is by the handle's holder key */
  decide(ticket: OpenedTicket, proven: boolean): Minted | Refused {
    const { spent, standing, accounts } = this.facts;
    const mark = handleHex(ticket.mark);
    const account = accounts.get(handleHex(ticket.handle));
    const used = spent.has(mark);
    const retry = spent.get(mark);
    if (!account || !proven) return this.refuse(ticket, used, undefined);
    if (used && !(retry && Buffer.compare(retry.wrappedHash, ticket.wrappedHash) === 0))
      return this.refuse(ticket, used, 'spent');
    if (standing.has(handleHex(ticket.handle))) return this.refuse(ticket, used, 'standing');
    if (retry) return this.again(ticket, retry);
    const over = this.overLimit(account);
    return over ? this.refuse(ticket, used, over) : this.mint(ticket, account);
  }

  private overLimit({ live, extra, commended }: Account): RefusalReason | undefined {
    const { freePseudonyms, maxPseudonyms } = this.facts.limits;
    if (live >= maxPseudonyms) return 'too-many-live';
    return live >= freePseudonyms + extra && !commended ? 'standing-needed' : undefined;
  }

  private mint(ticket: OpenedTicket, account: Account): Minted {
    const period = periodOf(this.facts.day);
    const { list } = this.book;
    const cohort = drawCohort(list, this.prf.bytes(prfLabels.cohort, ticket.wrappedHash));
    const key = slotKey(ticket, cohort);
    const slot = this.facts.slots.get(key) ?? this.book.takeFreeSlot(cohort);
    const minted = this.minted(ticket, cohort, slot, period);
    this.facts.slots.set(key, slot);
    account.live += 1;
    this.spend(ticket, { wrappedHash: ticket.wrappedHash, list: list.number, period });
    this.note(ticket.handle, minted);
    return minted;
  }

  /** The same bytes once more: the same selector, counted already. Without list or slot, too much has happened since. */
  private again(ticket: OpenedTicket, retry: SpentFields): Minted | Refused {
    const list = this.book.listOf(retry.list);
    const cohort = list && drawCohort(list, this.prf.bytes(prfLabels.cohort, ticket.wrappedHash));
    const slot = cohort === undefined ? undefined : this.facts.slots.get(slotKey(ticket, cohort));
    if (cohort === undefined || slot === undefined) return { kind: 'refused', reason: 'spent' };
    return this.minted(ticket, cohort, slot, retry.period);
  }

  private minted({ wrappedHash }: OpenedTicket, cohort: number, slot: number, period: number): Minted {
    const selectorId = this.prf.bytes(prfLabels.selectorId, wrappedHash).subarray(0, 16) as SelectorId;
    const weeks = EXPIRY_WEEKS.least + numberBelow(weeksSpan, this.prf.bytes(prfLabels.weeks, wrappedHash));
    const keyEpoch = this.book.keyEpochOf(cohort);
    return { kind: 'minted', selectorId, keyEpoch, cohort, slot, period, expiryDay: expiryDay(period, weeks) };
  }

  /** A ticket that has opened is spent by a refusal, and is not answered again. */
  private refuse(ticket: OpenedTicket, used: boolean, reason: RefusalReason | undefined): Refused {
    if (!used) this.spend(ticket, undefined);
    return { kind: 'refused', reason };
  }

  private spend(ticket: OpenedTicket, retry: SpentFields | undefined): void {
    this.facts.spent.set(handleHex(ticket.mark), retry);
    this.spentRows.push({ mark: ticket.mark, retry, expiryDay: ticket.notAfter });
  }

  private note(handle: Uint8Array, { cohort, slot, expiryDay }: Minted): void {
    const position = this.positionRows.get(`${cohort}/${slot}`) ?? { cohort, slot, handle, lastDay: 0 };
    position.lastDay = Math.max(position.lastDay, expiryDay);
    this.positionRows.set(`${cohort}/${slot}`, position);
    const key = `${handleHex(handle)}/${expiryDay}`;
    const live = this.liveRows.get(key) ?? { handle, expiryDay, count: 0 };
    live.count += 1;
    this.liveRows.set(key, live);
  }
}

const weeksSpan = EXPIRY_WEEKS.most - EXPIRY_WEEKS.least + 1;
const slotKey = ({ handle }: OpenedTicket, cohort: number): string => `${handleHex(handle)}/${cohort}`;
