/** Rows of the log, one for each generation. The role may insert and read, and a trigger refuses everything else. */
import { parseLeaf } from '#audit';
import type { AuditLeaf } from '#audit';
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
export async function nextSequence(transaction: Transaction, generation: number): Promise<number> {
  const { rows } = await transaction.query<{ next: number }>(
    'SELECT coalesce(max(sequence), -1) + 1 AS next FROM keyholder.audit_entries WHERE generation = $1',
    [generation],
  );
  return rows[0]?.next ?? 0;
}

/** @returns false when the announcement that it would end has ended before: nothing is written. */
export async function insertEntry(transaction: Transaction, generation: number, entry: NewEntry): Promise<boolean> {
  const { sequence, leaf, announces = false, closes = null } = entry;
  const { rowCount } = await transaction.query(
    `INSERT INTO keyholder.audit_entries (generation, sequence, leaf, announces, closes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (generation, closes) DO NOTHING`,
    [generation, sequence, leaf, announces, closes],
  );
  return rowCount === 1;
}

export async function entriesFrom(
  transaction: Transaction,
  generation: number,
  sequence: number,
  most: number,
): Promise<EntryRow[]> {
  const { rows } = await transaction.query<EntryRow>(
    'SELECT sequence, leaf FROM keyholder.audit_entries WHERE generation = $1 AND sequence >= $2 ORDER BY sequence LIMIT $3',
    [generation, sequence, most],
  );
  return rows;
}

/** Announcements of which nothing says yet how they ended. */
export async function openAnnouncements(transaction: Transaction, generation: number): Promise<number[]> {
  const { rows } = await transaction.query<{ sequence: number }>(
    `SELECT sequence FROM keyholder.audit_entries a WHERE generation = $1 AND announces
     AND NOT EXISTS (SELECT 1 FROM keyholder.audit_entries e WHERE e.generation = $1 AND e.closes = a.sequence) ORDER BY sequence`,
    [generation],
  );
  return rows.map(({ sequence }) => sequence);
}

/** @param note a signed checkpoint with its cosignatures */
export async function insertCheckpoint(transaction: Transaction, generation: number, size: number, note: string): Promise<void> {
  await transaction.query('INSERT INTO keyholder.audit_checkpoints (generation, size, note) VALUES ($1, $2, $3)', [
    generation,
    size,
    note,
  ]);
}

export async function newestCheckpoint(transaction: Transaction, generation: number): Promise<string | undefined> {
  const { rows } = await transaction.query<{ note: string }>(
    'SELECT note FROM keyholder.audit_checkpoints WHERE generation = $1 ORDER BY size DESC LIMIT 1',
    [generation],
  );
  return rows[0]?.note;
}

/** The newest checkpoint of the newest generation that has one. */
export async function latestNote(transaction: Transaction): Promise<string | undefined> {
  const { rows } = await transaction.query<{ note: string }>(
    'SELECT note FROM keyholder.audit_checkpoints ORDER BY generation DESC, size DESC LIMIT 1',
  );
  return rows[0]?.note;
}

/** In canonical JSON a member looks so, and a text that says the same does not. */
export async function newestOfType(transaction: Transaction, generation: number, type: string): Promise<AuditLeaf | undefined> {
  const { rows } = await transaction.query<{ leaf: Buffer }>(
    `SELECT leaf FROM keyholder.audit_entries WHERE generation = $1 AND position($2::bytea IN leaf) > 0
     ORDER BY sequence DESC LIMIT 1`,
    [generation, Buffer.from(`"type":${JSON.stringify(type)}`)],
  );
  return rows[0] && parseLeaf(rows[0].leaf);
}

/** Day of the last entry, 0 before the first: whatever the clock says, it is not earlier than that. */
export async function lastDay(transaction: Transaction, generation: number): Promise<number> {
  const { rows } = await transaction.query<{ leaf: Buffer }>(
    'SELECT leaf FROM keyholder.audit_entries WHERE generation = $1 ORDER BY sequence DESC LIMIT 1',
    [generation],
  );
  return (rows[0] && parseLeaf(rows[0].leaf)?.day) ?? 0;
}
