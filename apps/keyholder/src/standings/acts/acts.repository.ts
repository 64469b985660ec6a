/** What acts change. A statement is used once; a named pseudonym is a mark that stands beside no handle. */
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

export async function nameSelector(transaction: Transaction, mark: Uint8Array, day: number): Promise<void> {
  await transaction.query(
    'INSERT INTO keyholder.named_selectors (mark, since_day) VALUES ($1, $2) ON CONFLICT (mark) DO NOTHING',
    [mark, day],
  );
}

/**
 * A blind standing, unless there is one of any kind. @param by HMAC(k, handle, moderator)
 * @returns the moderator's mark on the blind standing that was there and is backed by nothing, if so.
 */
export async function suspendBlindly(
  transaction: Transaction,
  handle: Uint8Array,
  by: Uint8Array,
  day: number,
): Promise<Buffer | undefined> {
  const { rows } = await transaction.query<{ kind: string; backed: boolean; by: Buffer | null }>(
    'SELECT kind::text AS kind, backed, by FROM keyholder.standings WHERE handle = $1',
    [handle],
  );
  const [standing] = rows;
  if (standing?.kind === 'blind') return !standing.backed && standing.by ? standing.by : undefined;
  if (standing) {
    // so that the suspension holds when the decision that made the standing is undone
    await transaction.query('UPDATE keyholder.standings SET by = $2 WHERE handle = $1 AND by IS NULL', [handle, by]);
    return undefined;
  }
  const { rowCount } = await transaction.query('DELETE FROM keyholder.pending_reinstatements WHERE handle = $1', [handle]);
  const batch = rowCount === 1 ? 0 : null; // the registrar still holds it suspended
  await transaction.query(
    `INSERT INTO keyholder.standings (handle, kind, since_day, batch, by) VALUES ($1, 'blind', $2, $3, $4)`,
    [handle, day, batch, by],
  );
  return undefined;
}

export interface Reinstatement {
  readonly handle: Uint8Array;
  readonly day: number;
  /** Pseudonyms it may mint beyond the free number, since revoked ones stay revoked. */
  readonly extra: number;
  /** First day without them. */
  readonly extraUntil: number;
}

/** Ends a standing, if there is one and the account is not deleted: the next decided epoch notes a baseline, and the registrar is told if it was told before. */
export async function reinstate(transaction: Transaction, { handle, day, extra, extraUntil }: Reinstatement): Promise<boolean> {
  const { rows } = await transaction.query<{ batch: number | null }>(
    'DELETE FROM keyholder.standings WHERE handle = $1 AND NOT final RETURNING batch',
    [handle],
  );
  const [standing] = rows;
  if (!standing) return false;
  if (standing.batch !== null) {
    await transaction.query(
      'INSERT INTO keyholder.pending_reinstatements (handle, since_day) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [handle, day],
    );
  }
  await transaction.query(
    `INSERT INTO keyholder.baselines (handle, sealed, epoch) VALUES ($1, '', 0) ON CONFLICT (handle) DO UPDATE SET pending = true`,
    [handle],
  );
  await transaction.query(
    `INSERT INTO keyholder.allowances AS a (handle, extra, expiry_day) VALUES ($1, $2, $3)
     ON CONFLICT (handle) DO UPDATE SET extra = excluded.extra + CASE WHEN a.expiry_day > $4 THEN a.extra ELSE 0 END, expiry_day = excluded.expiry_day`,
    [handle, extra, extraUntil, day],
  );
  return true;
}
