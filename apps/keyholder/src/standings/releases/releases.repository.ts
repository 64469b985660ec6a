/** Batches for the registrar, and what waits for one. */
import type { Transaction } from '../../database/writer.js';
import { firstNumber } from '../../generation/generation.repository.js';
import { relatedMarks } from '../orders/orders.repository.js';
import type { ReleaseFacts, ReleasePlan } from './release-plan.js';

export async function releaseFacts(transaction: Transaction, today: number): Promise<ReleaseFacts> {
  const unnamed = await transaction.query<{ handle: Buffer; enrolledDay: number }>(
    // a term is the key holder's own: it would be over before a batch says so
    `SELECT h.handle, h.enrolled_day AS "enrolledDay" FROM keyholder.handles h LEFT JOIN keyholder.standings s ON s.handle = h.handle
     WHERE s.batch IS NULL AND s.term_days IS NULL AND s.handle IS NOT NULL
       OR s.batch IS NULL AND EXISTS (SELECT 1 FROM keyholder.account_orders o WHERE o.handle = h.handle)`,
  );
  const reinstated = await transaction.query<{ handle: Buffer }>('SELECT handle FROM keyholder.pending_reinstatements');
  // one batch after the one that named it as suspended, so that the two never come together
  const deleted = await transaction.query<{ handle: Buffer }>(
    `SELECT d.handle FROM keyholder.deletions d JOIN keyholder.standings s ON s.handle = d.handle WHERE s.batch IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM keyholder.related_marks m WHERE m.handle = d.handle)`, // who is related is asked first
  );
  const waiting = await transaction.query<{ since: number | null }>(
    `SELECT min(since_day) AS since FROM (
       SELECT since_day FROM keyholder.standings WHERE force IS NULL OR backed
       UNION ALL SELECT since_day FROM keyholder.named_selectors WHERE force IS NULL
     ) AS waiting`,
  );
  const orders = await transaction.query('SELECT 1 FROM keyholder.account_orders LIMIT 1');
  return {
    today,
    related: await relatedMarks(transaction),
    hasOrders: orders.rows.length > 0,
    unnamed: unnamed.rows,
    reinstated: reinstated.rows.map(({ handle }) => handle),
    deleted: deleted.rows.map(({ handle }) => handle),
    waitingSince: waiting.rows[0]?.since ?? undefined,
  };
}

/** @returns the batch's number. */
export async function saveBatch(
  transaction: Transaction,
  { suspend, reinstate, remove, relatedSuspend, relatedDelete }: ReleasePlan,
): Promise<number> {
  const { rows } = await transaction.query<{ number: number }>(
    `INSERT INTO keyholder.release_batches (number, suspend, reinstate, remove, related_suspend, related_delete)
     SELECT greatest(max(number), $6::int) + 1, $1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]
     FROM keyholder.release_batches RETURNING number`,
    [suspend, reinstate, remove, relatedSuspend, relatedDelete, await firstNumber(transaction)],
  );
  const number = (rows[0] as { number: number }).number;
  await transaction.query('UPDATE keyholder.standings SET batch = coalesce(batch, $1) WHERE handle = ANY($2::bytea[])', [
    number,
    suspend,
  ]);
  await transaction.query('DELETE FROM keyholder.pending_reinstatements WHERE handle = ANY($1::bytea[])', [reinstate]);
  await transaction.query('DELETE FROM keyholder.related_marks WHERE handle = ANY($1::bytea[])', [
    [...relatedSuspend, ...relatedDelete],
  ]);
  await transaction.query('DELETE FROM keyholder.deletions WHERE handle = ANY($1::bytea[])', [remove]);
  return number;
}

export interface ReleaseBatch {
  readonly number: number;
  readonly suspend: Buffer[];
  readonly reinstate: Buffer[];
  readonly remove: Buffer[];
  readonly relatedSuspend: Buffer[];
  readonly relatedDelete: Buffer[];
}

/** At most a hundred batches after `number`, ascending. */
export async function batchesAfter(transaction: Transaction, number: number): Promise<ReleaseBatch[]> {
  const { rows } = await transaction.query<ReleaseBatch>(
    `SELECT number, suspend, reinstate, remove, related_suspend AS "relatedSuspend", related_delete AS "relatedDelete"
     FROM keyholder.release_batches WHERE number > $1 ORDER BY number LIMIT 100`,
    [number],
  );
  return rows;
}
