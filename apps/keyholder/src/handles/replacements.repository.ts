/** Holder keys that are to replace others, in the database. A key is in one place only: in use, or waiting. */
import type { Transaction } from '../database/writer.js';

export interface Replacement {
  /** 32 bytes */
  readonly holderKey: Uint8Array;
  readonly effectiveDay: number;
}

export async function readReplacement(transaction: Transaction, handle: Uint8Array): Promise<Replacement | undefined> {
  const { rows } = await transaction.query<Replacement>(
    'SELECT holder_key AS "holderKey", effective_day AS "effectiveDay" FROM keyholder.key_replacements WHERE handle = $1',
    [handle],
  );
  return rows[0];
}

/** The key in use, 32 bytes; undefined for a handle that is gone. */
export async function holderKeyOf(transaction: Transaction, handle: Uint8Array): Promise<Uint8Array | undefined> {
  const { rows } = await transaction.query<{ key: Buffer }>('SELECT holder_key AS key FROM keyholder.handles WHERE handle = $1', [
    handle,
  ]);
  return rows[0]?.key;
}

/** @returns false when the key is in use, or waits for another handle, or the handle has one that waits */
export async function addReplacement(
  transaction: Transaction,
  handle: Uint8Array,
  { holderKey, effectiveDay }: Replacement,
): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `INSERT INTO keyholder.key_replacements (handle, holder_key, effective_day)
     SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM keyholder.handles WHERE holder_key = $2) ON CONFLICT DO NOTHING`,
    [handle, holderKey, effectiveDay],
  );
  return rowCount === 1;
}

export async function dropReplacement(transaction: Transaction, handle: Uint8Array): Promise<void> {
  await transaction.query('DELETE FROM keyholder.key_replacements WHERE handle = $1', [handle]);
}

/** Puts those in use whose day has come. @returns their handles */
export async function applyReplacements(
  transaction: Transaction,
  day: number,
): Promise<{ handle: Buffer; effectiveDay: number }[]> {
  const { rows } = await transaction.query<{ handle: Buffer; effectiveDay: number }>(
    `WITH due AS (DELETE FROM keyholder.key_replacements WHERE effective_day <= $1 RETURNING handle, holder_key, effective_day)
     UPDATE keyholder.handles h SET holder_key = due.holder_key FROM due WHERE h.handle = due.handle
     RETURNING h.handle, due.effective_day AS "effectiveDay"`,
    [day],
  );
  return rows;
}
