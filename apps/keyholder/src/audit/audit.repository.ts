/** Rows of the log. The role may insert and read, and a trigger refuses everything else. */
import { canonicalBytes } from '#contracts';
import type { AuditEntry } from '#policy';
import type { Transaction } from '../database/writer.js';

interface Row {
  readonly sequence: number;
  readonly previous: Buffer;
  readonly body: AuditEntry['body'];
  readonly signature: Buffer;
}
const columns = 'sequence, previous, body, signature';
/** Most rows of one answer. */
export const mostEntries = 1_000;

export async function lastEntry(transaction: Transaction): Promise<AuditEntry | undefined> {
  const { rows } = await transaction.query<Row>(`SELECT ${columns} FROM keyholder.audit_entries ORDER BY sequence DESC LIMIT 1`);
  return rows[0];
}

export async function entriesAfter(transaction: Transaction, sequence: number): Promise<AuditEntry[]> {
  const { rows } = await transaction.query<Row>(
    `SELECT ${columns} FROM keyholder.audit_entries WHERE sequence > $1 ORDER BY sequence LIMIT ${mostEntries}`,
    [sequence],
  );
  return rows;
}

export async function insertEntry(transaction: Transaction, { sequence, previous, body, signature }: AuditEntry): Promise<void> {
  await transaction.query(`INSERT INTO keyholder.audit_entries (${columns}) VALUES ($1, $2, $3, $4)`, [
    sequence,
    previous,
    Buffer.from(canonicalBytes(body)).toString(),
    signature,
  ]);
}
