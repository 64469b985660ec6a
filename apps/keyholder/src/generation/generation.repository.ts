/** The generation in the database, and all that a new one changes there. */
import type { Transaction } from '../database/writer.js';
import { firstNumberOf, type DatabaseMark, type GenerationMark } from './generation-rules.js';

export interface GenerationRow extends DatabaseMark {
  readonly day: number;
  readonly isUnnamed: boolean;
}

export async function readGeneration(transaction: Transaction): Promise<GenerationRow> {
  const { rows } = await transaction.query<{
    number: number;
    id: Buffer | null;
    day: number;
    unnamed: boolean;
    untouched: boolean;
  }>(
    `SELECT generation AS number, generation_id AS id, generation_day AS day, unnamed,
       NOT EXISTS (SELECT 1 FROM keyholder.audit_entries) AND NOT EXISTS (SELECT 1 FROM keyholder.handles) AS untouched
     FROM keyholder.state WHERE id = 1`,
  );
  const row = rows[0];
  if (!row) throw new Error('the state row is missing');
  return { number: row.number, id: row.id ?? undefined, day: row.day, isUnnamed: row.unnamed, isUntouched: row.untouched };
}

/** The very first: nothing was before it. */
export async function beginFirst(transaction: Transaction, { number, id }: GenerationMark): Promise<void> {
  await transaction.query('UPDATE keyholder.state SET generation = $1, generation_id = $2 WHERE id = 1', [number, id]);
}

/**
 * Every cohort closes for good, nothing that was answered before is answered again, open requests are over, and minting and decisions wait.
 * @param day the present one
 */
export async function beginAnew(transaction: Transaction, { number, id }: GenerationMark, day: number): Promise<void> {
  await transaction.query('UPDATE keyholder.cohorts SET open = false WHERE open');
  await transaction.query(
    'UPDATE keyholder.spent SET wrapped_hash = NULL, list = NULL, period = NULL, parity = NULL WHERE parity IS NOT NULL',
  );
  await transaction.query('UPDATE keyholder.requests SET closed = true WHERE executed_day IS NULL AND NOT closed');
  await transaction.query(
    `UPDATE keyholder.state SET generation = $1, generation_id = $2, generation_day = $3, unnamed = true WHERE id = 1`,
    [number, id, day],
  );
}

/** People have said which epoch was decided last: no ciphertext up to it is opened again. */
export async function nameLastDecided(transaction: Transaction, epoch: number): Promise<void> {
  await transaction.query(
    'UPDATE keyholder.state SET unnamed = false, decided_floor = greatest(decided_floor, $1) WHERE id = 1',
    [epoch],
  );
}

/** The last epoch that people have named, 0 before they have; and the last that this database decided on any side. */
export async function decidedBefore(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ epoch: number }>(
    `SELECT greatest(decided_floor, (SELECT coalesce(max(epoch), 0) FROM keyholder.decided_trees WHERE outcome = 'decided')) AS epoch
     FROM keyholder.state WHERE id = 1`,
  );
  return rows[0]?.epoch ?? 0;
}

/** Force times and release batches are numbered above this: nobody outside has seen such a number yet. */
export async function firstNumber(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ generation: number }>('SELECT generation FROM keyholder.state WHERE id = 1');
  return firstNumberOf(rows[0]?.generation ?? 1);
}
