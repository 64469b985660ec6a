/** Deletions under way, and the marks that stay of deleted accounts. No mark stands beside a handle. */
import type { Transaction } from '../../database/writer.js';

/** Told to the registrar with others, once it was told the suspension. */
export async function addDeletion(transaction: Transaction, handle: Uint8Array): Promise<void> {
  await transaction.query('INSERT INTO keyholder.deletions (handle) VALUES ($1) ON CONFLICT DO NOTHING', [handle]);
}

export async function addTombstones(transaction: Transaction, marks: readonly Uint8Array[]): Promise<void> {
  await transaction.query('INSERT INTO keyholder.tombstones (mark) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING', [marks]);
}

export async function hasTombstone(transaction: Transaction, marks: readonly Uint8Array[]): Promise<boolean> {
  const { rows } = await transaction.query('SELECT 1 FROM keyholder.tombstones WHERE mark = ANY($1::bytea[]) LIMIT 1', [marks]);
  return rows.length > 0;
}

/**
 * Forgets the accounts whose deletion the registrar was told and whose last position is gone: until then their selectors must be found.
 * @returns how many
 */
export async function forgetDeleted(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ handle: Buffer }>(
    `SELECT s.handle FROM keyholder.standings s WHERE s.final
       AND NOT EXISTS (SELECT 1 FROM keyholder.deletions d WHERE d.handle = s.handle)
       AND NOT EXISTS (SELECT 1 FROM keyholder.positions p WHERE p.handle = s.handle)`,
  );
  const handles = rows.map(({ handle }) => handle);
  if (handles.length === 0) return 0;
  for (const table of ['account_orders', 'related_marks', 'standings', 'allowances', 'live_counts', 'baselines', 'handles'])
    await transaction.query(`DELETE FROM keyholder.${table} WHERE handle = ANY($1::bytea[])`, [handles]);
  return handles.length;
}
