/** What renewals read and write beyond what mints do. */
import { shuffled } from '#platform';
import type { Handle } from '#contracts';
import type { Transaction } from '../database/writer.js';
import type { LiveRow } from '../minting/mint-batch.js';

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
