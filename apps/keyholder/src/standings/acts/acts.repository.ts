/** Statements that were used, each once, and who holds a position. */
import type { Transaction } from '../../database/writer.js';

/** What was given for this statement id before. */
export async function receiptOf(transaction: Transaction, id: string): Promise<Buffer | undefined> {
  const { rows } = await transaction.query<{ receipt: Buffer | null }>(
    'SELECT receipt FROM keyholder.used_statements WHERE statement_id = $1',
    [id],
  );
  return rows[0] && (rows[0].receipt ?? Buffer.alloc(0));
}

/** @returns 'new', or the receipt that was given for this statement id before. */
export async function useStatement(transaction: Transaction, id: string, receipt: Uint8Array): Promise<'new' | Buffer> {
  const { rowCount } = await transaction.query(
    'INSERT INTO keyholder.used_statements (statement_id, receipt) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [id, receipt],
  );
  return rowCount === 1 ? 'new' : ((await receiptOf(transaction, id)) ?? Buffer.alloc(0));
}

/** Who holds a position; undefined when nobody does. */
export async function holderOf(transaction: Transaction, cohort: number, slot: number): Promise<Buffer | undefined> {
  const { rows } = await transaction.query<{ handle: Buffer }>(
    'SELECT handle FROM keyholder.positions WHERE cohort = $1 AND slot = $2',
    [cohort, slot],
  );
  return rows[0]?.handle;
}
