/**
 * What a pool of mints reads and writes, each in one statement for the whole pool. Rows go in shuffled, and no row has both a spent
 * mark and a handle, or any selector id.
 */
import { shuffled } from '#platform';
import type { Transaction } from '../database/writer.js';
import type { Account, LiveRow, PositionRow, SpentFields, SpentRow } from './mint-batch.js';
import { handleHex } from './standing-check.js';

export interface KnownAccount extends Account {
  /** 32 bytes */
  readonly holderKey: Uint8Array;
}

/** Enrolled handles with what their limits depend on; by hex of the handle. */
export async function readAccounts(
  transaction: Transaction,
  handles: readonly Uint8Array[],
  day: number,
): Promise<Map<string, KnownAccount>> {
  const { rows } = await transaction.query<{
    handle: Buffer;
    holder_key: Buffer;
    commended: boolean;
    live: number;
    extra: number;
  }>({
    name: 'mint accounts',
    text: `SELECT h.handle, h.holder_key, h.commended,
      (SELECT coalesce(sum(l.count), 0)::int FROM keyholder.live_counts l WHERE l.handle = h.handle AND l.expiry_day > $2) AS live,
      coalesce((SELECT a.extra FROM keyholder.allowances a WHERE a.handle = h.handle AND a.expiry_day > $2), 0) AS extra
      FROM keyholder.handles h WHERE h.handle = ANY($1::bytea[])`,
    values: [handles, day],
  });
  return new Map(
    rows.map(({ handle, holder_key: holderKey, commended, live, extra }) => [
      handleHex(handle),
      { holderKey, commended, live, extra },
    ]),
  );
}

/** By hex of the mark; undefined for one that can no longer be retried. */
export async function readSpent(
  transaction: Transaction,
  marks: readonly Uint8Array[],
): Promise<Map<string, SpentFields | undefined>> {
  const { rows } = await transaction.query<{
    mark: Buffer;
    wrapped_hash: Buffer | null;
    list: number | null;
    period: number | null;
  }>({
    name: 'mint spent',
    text: 'SELECT mark, wrapped_hash, list, period FROM keyholder.spent WHERE mark = ANY($1::bytea[])',
    values: [marks],
  });
  return new Map(
    rows.map(({ mark, wrapped_hash: wrappedHash, list, period }) => [
      handleHex(mark),
      wrappedHash && list !== null && period !== null ? { wrappedHash, list, period } : undefined,
    ]),
  );
}

/** Slots of these handles, by `<hex of handle>/<cohort>`. */
export async function readSlots(transaction: Transaction, handles: readonly Uint8Array[]): Promise<Map<string, number>> {
  const { rows } = await transaction.query<{ handle: Buffer; cohort: number; slot: number }>({
    name: 'mint slots',
    text: 'SELECT handle, cohort, slot FROM keyholder.positions WHERE handle = ANY($1::bytea[])',
    values: [handles],
  });
  return new Map(rows.map(({ handle, cohort, slot }) => [`${handleHex(handle)}/${cohort}`, slot]));
}

/** The parity of the hour tells the sweeper which rows to empty. A mark that is there already fails: it was read before. */
export async function writeSpent(transaction: Transaction, rows: readonly SpentRow[]): Promise<void> {
  if (rows.length === 0) return;
  const mixed = shuffled(rows);
  await transaction.query({
    name: 'mint write spent',
    text: `INSERT INTO keyholder.spent (mark, wrapped_hash, list, period, parity, expiry_day)
      SELECT mark, hash, list, period, CASE WHEN hash IS NOT NULL THEN (SELECT swept_hour % 2 FROM keyholder.state WHERE id = 1) END, day
      FROM unnest($1::bytea[], $2::bytea[], $3::int[], $4::int[], $5::int[]) AS t (mark, hash, list, period, day)`,
    values: [
      mixed.map(({ mark }) => mark),
      mixed.map(({ retry }) => retry?.wrappedHash ?? null),
      mixed.map(({ retry }) => retry?.list ?? null),
      mixed.map(({ retry }) => retry?.period ?? null),
      mixed.map(({ expiryDay }) => expiryDay),
    ],
  });
}

/** A slot of another handle is never taken over: the statement then fails on (handle, cohort) or leaves the count short. */
export async function writePositions(transaction: Transaction, rows: readonly PositionRow[]): Promise<void> {
  if (rows.length === 0) return;
  const mixed = shuffled(rows);
  const { rowCount } = await transaction.query({
    name: 'mint write positions',
    text: `INSERT INTO keyholder.positions AS p (cohort, slot, handle, last_day)
      SELECT * FROM unnest($1::int[], $2::int[], $3::bytea[], $4::int[])
      ON CONFLICT (cohort, slot) DO UPDATE SET last_day = greatest(p.last_day, excluded.last_day) WHERE p.handle = excluded.handle`,
    values: [
      mixed.map(({ cohort }) => cohort),
      mixed.map(({ slot }) => slot),
      mixed.map(({ handle }) => handle),
      mixed.map(({ lastDay }) => lastDay),
    ],
  });
  if (rowCount !== mixed.length) throw new Error('a position belongs to another handle');
}

export async function addLiveCounts(transaction: Transaction, rows: readonly LiveRow[]): Promise<void> {
  if (rows.length === 0) return;
  const mixed = shuffled(rows);
  await transaction.query({
    name: 'mint add counts',
    text: `INSERT INTO keyholder.live_counts AS l (handle, expiry_day, count)
      SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[])
      ON CONFLICT (handle, expiry_day) DO UPDATE SET count = l.count + excluded.count`,
    values: [mixed.map(({ handle }) => handle), mixed.map(({ expiryDay }) => expiryDay), mixed.map(({ count }) => count)],
  });
}
