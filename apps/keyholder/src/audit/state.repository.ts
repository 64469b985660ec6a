/** The one row of what this key holder has come to: whose database it is, whether decisions are frozen, the highest policy followed. */
import { StartError } from '#platform';
import type { Transaction } from '../database/writer.js';

export interface KeyholderState {
  readonly frozen: boolean;
  /** 0 before the first. */
  readonly policyVersion: number;
}

/** Makes the row on a new database. @throws StartError when the database belongs to another key holder. */
export async function claimState(transaction: Transaction, keyHolderId: string): Promise<void> {
  await transaction.query('INSERT INTO keyholder.state (id, key_holder_id) VALUES (1, $1) ON CONFLICT (id) DO NOTHING', [
    keyHolderId,
  ]);
  const { rows } = await transaction.query<{ key_holder_id: string }>('SELECT key_holder_id FROM keyholder.state WHERE id = 1');
  if (rows[0]?.key_holder_id !== keyHolderId)
    throw new StartError('the database belongs to another key holder: check SECRETS_DIR and DATABASE_URL');
}

export async function readState(transaction: Transaction): Promise<KeyholderState> {
  const { rows } = await transaction.query<KeyholderState>(
    'SELECT frozen, policy_version AS "policyVersion" FROM keyholder.state WHERE id = 1',
  );
  return rows[0] ?? { frozen: false, policyVersion: 0 };
}

export async function setFrozen(transaction: Transaction, frozen: boolean): Promise<void> {
  await transaction.query('UPDATE keyholder.state SET frozen = $1 WHERE id = 1', [frozen]);
}

export async function followVersion(transaction: Transaction, version: number): Promise<void> {
  await transaction.query('UPDATE keyholder.state SET policy_version = $1 WHERE id = 1', [version]);
}
