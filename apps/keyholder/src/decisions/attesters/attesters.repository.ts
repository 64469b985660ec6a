/** Versions of the pinned correlators and witnesses. They are added and never changed. */
import type { Transaction } from '../../database/writer.js';

export interface AttestersVersion {
  readonly version: number;
  /** JSON */
  readonly document: string;
}

export async function newestAttesters(transaction: Transaction): Promise<AttestersVersion | undefined> {
  const { rows } = await transaction.query<AttestersVersion>(
    'SELECT version, document FROM keyholder.attesters ORDER BY version DESC LIMIT 1',
  );
  return rows[0];
}

/** @throws Error when the version is there already */
export async function addAttesters(transaction: Transaction, { version, document }: AttestersVersion): Promise<void> {
  await transaction.query('INSERT INTO keyholder.attesters (version, document) VALUES ($1, $2)', [version, document]);
}
