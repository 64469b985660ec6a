/** One pool of renewals: selectors opened together, one transaction, fresh ciphertexts while the database writes. */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { Positions } from '../cohorts/positions.js';
import type { Transaction } from '../database/writer.js';
import { Generation } from '../generation/generation.js';
import { Schemes } from '../key-epochs/schemes.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { addLiveCounts, readSlots, writePositions } from '../minting/mint.repository.js';
import { StandingCheck } from '../minting/standing-check.js';
import { RenewalBatch, renewedMark } from './renewal-batch.js';
import type { PlacedRenewal, Renewed } from './renewal-batch.js';
import type { Renewal } from './renewal-check.js';
import { readOwners, readRenewed, takeLiveCounts, writeRenewed } from './renewal.repository.js';

export type RenewalResult = Renewed & { readonly bytes: Uint8Array };

@Injectable()
export class RenewalLedger {
  constructor(
    private readonly clock: Clock,
    private readonly generation: Generation,
    private readonly positions: Positions,
    private readonly standings: StandingCheck,
    private readonly keys: KeyholderKeys,
    private readonly schemes: Schemes,
  ) {}

  /** A selector for each renewal, or undefined where one is refused, in the order given. */
  async renew(renewals: readonly Renewal[]): Promise<(RenewalResult | undefined)[]> {
    this.generation.requireSettled();
    if (renewals.length === 0) return [];
    const opened = await this.schemes.openSelectors(renewals.map(({ selector }) => selector));
    let ciphertexts: Promise<Uint8Array[]> = Promise.resolve([]);
    const decisions = await this.positions.change(async (transaction, book) => {
      const placed = await this.place(transaction, renewals, opened);
      const marks = renewals.map((renewal) => renewedMark(this.keys.prf, renewal));
      const renewed = await readRenewed(transaction, marks);
      const handles = placed.flatMap((renewal) => (renewal ? [renewal.handle] : []));
      const slots = await readSlots(transaction, handles);
      const batch = new RenewalBatch(this.keys.prf, book, { renewed, slots, now: this.clock.now() });
      const decided = placed.map((renewal) => renewal && batch.decide(renewal));
      ciphertexts = this.encrypt(decided);
      ciphertexts.catch(() => undefined); // awaited below, unless the transaction fails first
      await writeRenewed(transaction, batch.marks);
      await writePositions(transaction, batch.positions);
      await takeLiveCounts(transaction, batch.taken);
      await addLiveCounts(transaction, batch.added);
      return decided;
    });
    const made = (await ciphertexts).values();
    return decisions.map((renewed) => renewed && { ...renewed, bytes: made.next().value! });
  }

  private async place(
    transaction: Transaction,
    renewals: readonly Renewal[],
    slots: readonly (number | undefined)[],
  ): Promise<(PlacedRenewal | undefined)[]> {
    const places = renewals.map(({ selector }, at) => ({ cohort: selector.cohort, slot: slots[at] ?? -1 }));
    const owners = await readOwners(transaction, places);
    const placed: (PlacedRenewal | undefined)[] = [];
    for (const [at, renewal] of renewals.entries()) {
      const handle = owners[at];
      const { selectorId, subject, period, expiryDay } = renewal.selector;
      const end = handle && (await this.standings.selectorEnd(transaction, { selectorId, handle, subject, period, expiryDay }));
      placed.push(handle && { ...renewal, slot: places[at]!.slot, handle, end });
    }
    return placed;
  }

  private encrypt(decided: readonly (Renewed | undefined)[]): Promise<Uint8Array[]> {
    const slots = decided.filter((renewed) => renewed !== undefined);
    return this.schemes.encryptSelectors(slots).catch(() => this.schemes.encryptSelectors(slots));
  }
}
