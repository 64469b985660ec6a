/** The rules of a pool of renewals: who gets a new selector, and which counts move with it, once for each (subject, period). No I/O. */
import { DAY_MS } from '#contracts';
import type { SelectorId } from '#contracts';
import { prfLabels } from '../keys/prf.js';
import type { Prf } from '../keys/prf.js';
import type { LiveRow, PositionRow, SpentRow } from '../minting/mint-batch.js';
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
  readonly cohort: number;
  readonly slot: number;
  readonly period: number;
  readonly expiryDay: number;
}

/** Its end has come, or it is that of a blind suspension and comes before the renewed period. */
export const endRefuses = (end: SelectorEnd | undefined, period: number, now: Date): boolean =>
  end !== undefined && (end.at <= now || (end.blind && end.at.getTime() <= startOfPeriod(period) * DAY_MS));

/** The same for every selector of the pseudonym, so that a retry, or a renewal from an older selector, gives the same one. */
export const renewedId = (prf: Prf, { selector, period }: Renewal): SelectorId =>
  prf.bytes(prfLabels.renewedId, selector.subject, period).subarray(0, 16) as SelectorId;

export const renewedMark = (prf: Prf, renewal: Renewal): Uint8Array => prf.bytes(prfLabels.renewed, renewedId(prf, renewal));

export class RenewalBatch {
  readonly marks: SpentRow[] = [];
  readonly positions: PositionRow[] = [];
  readonly added: LiveRow[] = [];
  readonly taken: LiveRow[] = [];

  /** @param counted hex of the marks of renewals that were counted before */
  constructor(
    private readonly prf: Prf,
    private readonly counted: Set<string>,
    private readonly now: Date,
  ) {}

  decide(renewal: PlacedRenewal): Renewed | undefined {
    const { selector, period, slot, end } = renewal;
    if (endRefuses(end, period, this.now)) return undefined;
    const expiryDay = renewedExpiry(selector, period);
    this.count(renewal, expiryDay);
    return { selectorId: renewedId(this.prf, renewal), cohort: selector.cohort, slot, period, expiryDay };
  }

  private count(renewal: PlacedRenewal, expiryDay: number): void {
    const { selector, period, slot, handle } = renewal;
    const mark = renewedMark(this.prf, renewal);
    if (this.counted.has(handleHex(mark))) return;
    this.counted.add(handleHex(mark));
    this.marks.push({ mark, retry: undefined, expiryDay: startOfPeriod(period) });
    add(this.taken, handle, selector.expiryDay);
    add(this.added, handle, expiryDay);
    const position = this.positions.find((known) => known.cohort === selector.cohort && known.slot === slot);
    if (position) position.lastDay = Math.max(position.lastDay, expiryDay);
    else this.positions.push({ cohort: selector.cohort, slot, handle, lastDay: expiryDay });
  }
}

/** Rows of one statement must differ in their key. */
function add(rows: LiveRow[], handle: Uint8Array, expiryDay: number): void {
  const row = rows.find((known) => known.expiryDay === expiryDay && Buffer.compare(known.handle, handle) === 0);
  if (row) row.count += 1;
  else rows.push({ handle, expiryDay, count: 1 });
}
