/** Forgetting, in the database: what may no longer be retried, counted or held. */
import type { Transaction } from '../database/writer.js';

/**
 * Empties the retry fields that are older than an hour. What was written since the last sweep bears its parity and stays, unless a
 * whole hour was missed.
 * @param hour since 1970
 */
export async function sweepRetries(transaction: Transaction, hour: number): Promise<void> {
  const { rows } = await transaction.query<{ swept_hour: number }>('SELECT swept_hour FROM keyholder.state WHERE id = 1');
  const swept = rows[0]?.swept_hour ?? 0;
  if (hour <= swept) return;
  const old = hour === swept + 1 ? [hour % 2] : [0, 1];
  await transaction.query(
    'UPDATE keyholder.spent SET wrapped_hash = NULL, list = NULL, period = NULL, parity = NULL WHERE parity = ANY($1::int[])',
    [old],
  );
  await transaction.query('UPDATE keyholder.state SET swept_hour = $1 WHERE id = 1', [hour]);
}

/** Marks of tickets that are refused as expired anyway, counts and allowances whose day has come. */
export async function dropExpired(transaction: Transaction, day: number): Promise<void> {
  await transaction.query('DELETE FROM keyholder.spent WHERE expiry_day < $1', [day]);
  await transaction.query('DELETE FROM keyholder.live_counts WHERE expiry_day <= $1', [day]);
  await transaction.query('DELETE FROM keyholder.allowances WHERE expiry_day <= $1', [day]);
}

/** Gives up the positions whose last selector expired on or before `lastDay`. */
export async function freePositions(transaction: Transaction, lastDay: number): Promise<{ cohort: number; slot: number }[]> {
  const { rows } = await transaction.query<{ cohort: number; slot: number }>(
    'DELETE FROM keyholder.positions WHERE last_day <= $1 RETURNING cohort, slot',
    [lastDay],
  );
  return rows;
}
