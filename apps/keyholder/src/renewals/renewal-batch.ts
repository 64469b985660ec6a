/** The rules of a pool of renewals: who gets a new selector, and which counts move with it, once for each (subject, period). No I/O. */
import { DAY_MS } from '#contracts';
import type { SelectorId } from '#contracts';
import type { CohortBook } from '../cohorts/cohort-book.js';
import { drawCohort } from '../cohorts/cohort-rules.js';
import { prfLabels } from '../keys/prf.js';
import type { Prf } from '../keys/prf.js';
import type { LiveRow, PositionRow } from '../minting/mint-batch.js';
import { handleHex } from '../minting/standing-check.js';
import type { SelectorEnd } from '../minting/standing-check.js';
import { renewedExpiry, startOfPeriod } from './renewal-check.js';
import type { Renewal } from './renewal-check.js';

/** A renewal whose selector was opened and whose slot has an owner. */
export interface PlacedRenewal extends Renewal {
  readonly slot: number;
  readonly handle: Uint8Array;
  readonly end: SelectorEnd | undefined;
}

export interface Renewed {
  readonly selectorId: SelectorId;
  readonly keyEpoch: number;
  readonly cohort: number;
  readonly slot: number;
  readonly period: number;
  readonly expiryDay: number;
}

/** What was answered at first, so that every retry gets the same place. */
export interface FirstRenewal {
  /** key epoch of the selector that was shown */
  readonly fromEpoch: number;
  /** the cohorts that were drawn from, when it moved to a newer key epoch */
  readonly list: number | undefined;
}

export interface RenewedRow extends FirstRenewal {
  readonly mark: Uint8Array;
  readonly expiryDay: number;
}

export interface RenewalFacts {
  /** by hex of the mark; what is written joins them */
  readonly renewed: Map<string, FirstRenewal>;
  /** slot by `<hex of handle>/<cohort>`; what is given joins them */
  readonly slots: Map<string, number>;
  readonly now: Date;
}

/** Its end has come, or it is that of a blind suspension and comes before the renewed period. */
export const endRefuses = (end: SelectorEnd | undefined, period: number, now: Date): boolean =>
  end !== undefined && (end.at <= now || (end.blind && end.at.getTime() <= startOfPeriod(period) * DAY_MS));

/** The same for every selector of the pseudonym, so that a retry, or a renewal from an older selector, gives the same one. */
export const renewedId = (prf: Prf, { selector, period }: Renewal): SelectorId =>
  prf.bytes(prfLabels.renewedId, selector.subject, period).subarray(0, 16) as SelectorId;

export const renewedMark = (prf: Prf, renewal: Renewal): Uint8Array => prf.bytes(prfLabels.renewed, renewedId(prf, renewal));

export class RenewalBatch {
  readonly marks: RenewedRow[] = [];
  readonly positions: PositionRow[] = [];
  readonly added: LiveRow[] = [];
  readonly taken: LiveRow[] = [];

  constructor(
    private readonly prf: Prf,
    private readonly book: Pick<CohortBook, 'keyEpoch' | 'list' | 'listOf' | 'keyEpochOf' | 'takeFreeSlot'>,
    private readonly facts: RenewalFacts,
  ) {}

  decide(renewal: PlacedRenewal): Renewed | undefined {
    const { selector, period, end } = renewal;
    if (endRefuses(end, period, this.facts.now)) return undefined;
    const mark = renewedMark(this.prf, renewal);
    const before = this.facts.renewed.get(handleHex(mark));
    // one (subject, period) has one selector: an older selector of the pseudonym, of another key epoch, would get a second
    if (before && before.fromEpoch !== selector.keyEpoch) return undefined;
    const place = this.place(renewal, before);
    if (!place) return undefined;
    const expiryDay = renewedExpiry(selector, period);
    if (!before) this.count(renewal, place, expiryDay, mark);
    const keyEpoch = this.book.keyEpochOf(place.cohort);
    const { cohort, slot } = place;
    return { selectorId: renewedId(this.prf, renewal), keyEpoch, cohort, slot, period, expiryDay };
  }

  /** Within a key epoch the same cohort and slot; into a newer one a fresh draw, uniform over its open cohorts. */
  private place(renewal: PlacedRenewal, before: FirstRenewal | undefined): Place | undefined {
    const { selector, slot } = renewal;
    const stays = before ? before.list === undefined : selector.keyEpoch === this.book.keyEpoch;
    if (stays) return { cohort: selector.cohort, slot, list: undefined };
    const list = before?.list === undefined ? this.book.list : this.book.listOf(before.list);
    if (!list) return undefined;
    const cohort = drawCohort(list, this.prf.bytes(prfLabels.renewedCohort, renewedId(this.prf, renewal)));
    const key = `${handleHex(renewal.handle)}/${cohort}`;
    const known = this.facts.slots.get(key);
    if (known === undefined && before) return undefined; // the slot it got then is free again: far too late
    const taken = known ?? this.book.takeFreeSlot(cohort);
    this.facts.slots.set(key, taken);
    return { cohort, slot: taken, list: list.number };
  }

  private count({ selector, period, handle }: PlacedRenewal, place: Place, expiryDay: number, mark: Uint8Array): void {
    const first = { fromEpoch: selector.keyEpoch, list: place.list };
    this.facts.renewed.set(handleHex(mark), first);
    this.marks.push({ ...first, mark, expiryDay: startOfPeriod(period) });
    add(this.taken, handle, selector.expiryDay);
    add(this.added, handle, expiryDay);
    const { cohort, slot } = place;
    const position = this.positions.find((known) => known.cohort === cohort && known.slot === slot);
    if (position) position.lastDay = Math.max(position.lastDay, expiryDay);
    else this.positions.push({ cohort, slot, handle, lastDay: expiryDay });
  }
}

interface Place {
  readonly cohort: number;
  readonly slot: number;
  /** that it was drawn from */
  readonly list: number | undefined;
}

/** Rows of one statement must differ in their key. */
function add(rows: LiveRow[], handle: Uint8Array, expiryDay: number): void {
  const row = rows.find((known) => known.expiryDay === expiryDay && Buffer.compare(known.handle, handle) === 0);
  if (row) row.count += 1;
  else rows.push({ handle, expiryDay, count: 1 });
}
