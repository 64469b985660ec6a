/** What renewals read and write beyond what mints do. */
import { shuffled } from '#platform';
import type { Handle } from '#contracts';
import type { Transaction } from '../database/writer.js';
import type { LiveRow } from '../minting/mint-batch.js';
import { handleHex } from '../minting/standing-check.js';
import type { FirstRenewal, RenewedRow } from './renewal-batch.js';

/** Whose slots these are: a handle or undefined for each, in the order given. */
export async function readOwners(
  transaction: Transaction,
  places: readonly { readonly cohort: number; readonly slot: number }[],
): Promise<(Handle | undefined)[]> {
  const { rows } = await transaction.query<{ cohort: number; slot: number; handle: Handle }>({
    name: 'renewal owners',
    text: `SELECT cohort, slot, handle FROM keyholder.positions
      WHERE (cohort, slot) IN (SELECT * FROM unnest($1::int[], $2::int[]))`,
    values: [places.map(({ cohort }) => cohort), places.map(({ slot }) => slot)],
  });
  const owners = new Map(rows.map(({ cohort, slot, handle }) => [`${cohort}/${slot}`, handle]));
  return places.map(({ cohort, slot }) => owners.get(`${cohort}/${slot}`));
}

/** Renewals that were answered before, by hex of their mark. */
export async function readRenewed(transaction: Transaction, marks: readonly Uint8Array[]): Promise<Map<string, FirstRenewal>> {
  const { rows } = await transaction.query<{ mark: Buffer; fromEpoch: number; list: number | null }>({
    name: 'renewal marks',
    text: `SELECT mark, from_epoch AS "fromEpoch", list FROM keyholder.spent WHERE mark = ANY($1::bytea[]) AND from_epoch IS NOT NULL`,
    values: [marks],
  });
  return new Map(rows.map(({ mark, fromEpoch, list }) => [handleHex(mark), { fromEpoch, list: list ?? undefined }]));
}

/** No parity: what a retry must be told again stays until the renewed period begins, and no sweep of the hour empties it. */
export async function writeRenewed(transaction: Transaction, rows: readonly RenewedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const mixed = shuffled(rows);
  await transaction.query({
    name: 'renewal write marks',
    text: `INSERT INTO keyholder.spent (mark, from_epoch, list, expiry_day)
      SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::int[])`,
    values: [
      mixed.map(({ mark }) => mark),
      mixed.map(({ fromEpoch }) => fromEpoch),
      mixed.map(({ list }) => list ?? null),
      mixed.map(({ expiryDay }) => expiryDay),
    ],
  });
}

/** Takes from the counts, never below zero: a count that is too high refuses a mint, one that is too low would let one pass. */
export async function takeLiveCounts(transaction: Transaction, rows: readonly LiveRow[]): Promise<void> {
  if (rows.length === 0) return;
  const mixed = shuffled(rows);
  await transaction.query({
    name: 'renewal take counts',
    text: `UPDATE keyholder.live_counts AS l SET count = greatest(0, l.count - t.n)
      FROM unnest($1::bytea[], $2::int[], $3::int[]) AS t (handle, day, n)
      WHERE l.handle = t.handle AND l.expiry_day = t.day`,
    values: [mixed.map(({ handle }) => handle), mixed.map(({ expiryDay }) => expiryDay), mixed.map(({ count }) => count)],
  });
}
