/** Key epochs in the database. They are what says that a secret is in use: a file without a row is nothing. */
import type { Transaction } from '../database/writer.js';
import type { KeyEpochRow } from './key-epoch-rules.js';

/** All there ever were, ascending. */
export async function readKeyEpochs(transaction: Transaction): Promise<KeyEpochRow[]> {
  const { rows } = await transaction.query<KeyEpochRow>(
    `SELECT e.number, e.begun_day AS "begunDay", e.destroyed_day AS "destroyedDay",
       (SELECT count(*)::int FROM keyholder.cohorts c WHERE c.key_epoch = e.number) AS cohorts,
       count(p.slot)::int AS positions, max(p.last_day) AS "lastDay"
     FROM keyholder.key_epochs e
     LEFT JOIN keyholder.cohorts c ON c.key_epoch = e.number
     LEFT JOIN keyholder.positions p ON p.cohort = c.cohort
     GROUP BY e.number ORDER BY e.number`,
  );
  return rows;
}

/** One that is there stays as it is. */
export async function addKeyEpoch(transaction: Transaction, number: number, day: number): Promise<void> {
  await transaction.query('INSERT INTO keyholder.key_epochs (number, begun_day) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    number,
    day,
  ]);
}

export async function markDestroyed(transaction: Transaction, number: number, day: number): Promise<void> {
  await transaction.query('UPDATE keyholder.key_epochs SET destroyed_day = $2 WHERE number = $1 AND destroyed_day IS NULL', [
    number,
    day,
  ]);
}
