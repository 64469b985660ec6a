/**
 * Requests and the approvals under them. A request lies here sealed, because some name a pseudonym and this database stores none in the
 * clear; approvals hold a digest and a person. Approvals are added and never changed.
 */
import type { Approval, RequestType } from '#contracts';
import type { Transaction } from '../../database/writer.js';

export interface RequestRow {
  /** SHA-256, 32 bytes */
  readonly digest: Buffer;
  readonly type: RequestType;
  /** of {request, signature}; null once it is forgotten */
  readonly sealed: Buffer | null;
  /** day it was carried out */
  readonly executedDay: number | null;
  /** it was seen to have expired, and stays so whatever the clock says later */
  readonly closed: boolean;
}

const columns = 'digest, type, sealed, executed_day AS "executedDay", closed';

/** @returns false when it is there already. */
export async function addRequest(
  transaction: Transaction,
  request: { digest: Uint8Array; type: RequestType; sealed: Uint8Array; expiresAt: Date },
): Promise<boolean> {
  const { rowCount } = await transaction.query(
    'INSERT INTO keyholder.requests (digest, type, sealed, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [request.digest, request.type, request.sealed, request.expiresAt],
  );
  return rowCount === 1;
}

export async function readRequest(transaction: Transaction, digest: Uint8Array): Promise<RequestRow | undefined> {
  const { rows } = await transaction.query<RequestRow>(`SELECT ${columns} FROM keyholder.requests WHERE digest = $1`, [digest]);
  return rows[0];
}

/** Those that are not forgotten, the newest expiry first. */
export async function readRequests(transaction: Transaction, most: number): Promise<RequestRow[]> {
  const { rows } = await transaction.query<RequestRow>(
    `SELECT ${columns} FROM keyholder.requests WHERE sealed IS NOT NULL ORDER BY expires_at DESC, digest LIMIT $1`,
    [most],
  );
  return rows;
}

export async function openRequests(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ open: number }>(
    'SELECT count(*)::int AS open FROM keyholder.requests WHERE executed_day IS NULL AND NOT closed',
  );
  return rows[0]?.open ?? 0;
}

/** @returns false when it was carried out before, or has expired: it happens once. */
export async function markExecuted(transaction: Transaction, digest: Uint8Array, day: number): Promise<boolean> {
  const { rowCount } = await transaction.query(
    'UPDATE keyholder.requests SET executed_day = $2 WHERE digest = $1 AND executed_day IS NULL AND NOT closed',
    [digest, day],
  );
  return rowCount === 1;
}

/** Carried out today; a day that the clock has gone back from counts as today. */
export async function executedSince(transaction: Transaction, type: RequestType, day: number): Promise<number> {
  const { rows } = await transaction.query<{ executed: number }>(
    'SELECT count(*)::int AS executed FROM keyholder.requests WHERE type = $1 AND executed_day >= $2',
    [type, day],
  );
  return rows[0]?.executed ?? 0;
}

/** What has expired is closed for good, and forgotten after `keptUntil`. */
export async function closeExpired(transaction: Transaction, now: Date, keptUntil: Date): Promise<void> {
  await transaction.query('UPDATE keyholder.requests SET closed = true WHERE NOT closed AND expires_at <= $1', [now]);
  await transaction.query('UPDATE keyholder.requests SET sealed = NULL WHERE sealed IS NOT NULL AND expires_at <= $1', [
    keptUntil,
  ]);
}

export async function approvalsOf(transaction: Transaction, digests: readonly Uint8Array[]): Promise<Map<string, Approval[]>> {
  const { rows } = await transaction.query<{ digest: Buffer; person: string; kid: string; alg: 'ed25519'; signature: Buffer }>(
    'SELECT digest, person, kid, alg, signature FROM keyholder.approvals WHERE digest = ANY($1::bytea[]) ORDER BY person',
    [digests],
  );
  const found = new Map<string, Approval[]>();
  for (const { digest, person, kid, alg, signature } of rows) {
    const key = digest.toString('base64url');
    const approval = { alg, person, kid, signature: signature.toString('base64url') };
    found.set(key, [...(found.get(key) ?? []), approval]);
  }
  return found;
}

/** One of each person. @returns 'new', or the approval of this person that is there. */
export async function addApproval(
  transaction: Transaction,
  digest: Uint8Array,
  { person, kid, alg, signature }: Approval,
): Promise<'new' | Approval | undefined> {
  const { rowCount } = await transaction.query(
    'INSERT INTO keyholder.approvals (digest, person, kid, alg, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [digest, person, kid, alg, Buffer.from(signature, 'base64url')],
  );
  if (rowCount === 1) return 'new';
  const there = (await approvalsOf(transaction, [digest])).get(Buffer.from(digest).toString('base64url'));
  return there?.find((approval) => approval.person === person);
}
