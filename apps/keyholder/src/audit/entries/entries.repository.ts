/** Rows of the log. The role may insert and read, and a trigger refuses everything else. */
import type { Transaction } from '../../database/writer.js';

export interface EntryRow {
  /** Index in the tree, from 0. */
  readonly sequence: number;
  readonly leaf: Uint8Array;
}

export interface NewEntry extends EntryRow {
  /** Something is about to happen, and a later entry says whether it did. */
  readonly announces?: boolean;
  /** Index of the announcement that this entry ends. */
  readonly closes?: number;
}

/** Bounds what follows in this transaction: a table that hangs must not hold the one connection that writes. */
export async function limitStatements(transaction: Transaction, limitMs: number): Promise<void> {
  await transaction.query(`SELECT set_config('statement_timeout', $1, true)`, [`${limitMs}ms`]);
}

export async function unlimitStatements(transaction: Transaction): Promise<void> {
  await transaction.query('SET LOCAL statement_timeout TO DEFAULT');
}

/** The index that the next entry gets: there is one writer. */
export async function nextSequence(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ next: number }>(
    'SELECT coalesce(max(sequence), -1) + 1 AS next FROM keyholder.audit_entries',
  );
  return rows[0]?.next ?? 0;
}

/** @returns false when the announcement that it would end has ended before: nothing is written. */
export async function insertEntry(transaction: Transaction, entry: NewEntry): Promise<boolean> {
  const { sequence, leaf, announces = false, closes = null } = entry;
  const { rowCount } = await transaction.query(
    `INSERT INTO keyholder.audit_entries (sequence, leaf, announces, closes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (closes) DO NOTHING`,
    [sequence, leaf, announces, closes],
  );
  return rowCount === 1;
}

export async function entriesFrom(transaction: Transaction, sequence: number, most: number): Promise<EntryRow[]> {
  const { rows } = await transaction.query<EntryRow>(
    'SELECT sequence, leaf FROM keyholder.audit_entries WHERE sequence >= $1 ORDER BY sequence LIMIT $2',
    [sequence, most],
  );
  return rows;
}

/** Announcements of which nothing says yet how they ended. */
export async function openAnnouncements(transaction: Transaction): Promise<number[]> {
  const { rows } = await transaction.query<{ sequence: number }>(
    `SELECT sequence FROM keyholder.audit_entries a WHERE announces
     AND NOT EXISTS (SELECT 1 FROM keyholder.audit_entries e WHERE e.closes = a.sequence) ORDER BY sequence`,
  );
  return rows.map(({ sequence }) => sequence);
}

/** @param note a signed checkpoint with its cosignatures */
export async function insertCheckpoint(transaction: Transaction, size: number, note: string): Promise<void> {
  await transaction.query('INSERT INTO keyholder.audit_checkpoints (size, note) VALUES ($1, $2)', [size, note]);
}

export async function newestCheckpoint(transaction: Transaction): Promise<string | undefined> {
  const { rows } = await transaction.query<{ note: string }>(
    'SELECT note FROM keyholder.audit_checkpoints ORDER BY size DESC LIMIT 1',
  );
  return rows[0]?.note;
}
