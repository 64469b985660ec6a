/** The standing of one account, and what is known of one named pseudonym, in the words of the cases. The two never stand in one row. */
import type { Named, Standing } from '#cases';
import type { Transaction } from '../../database/writer.js';

interface StandingRow {
  readonly kind: 'full' | 'blind';
  readonly force: number | null;
  readonly backed: boolean;
  readonly final: boolean;
  readonly atOnce: boolean;
  readonly by: Buffer | null;
  readonly termDays: number | null;
  readonly untilDay: number | null;
}

const termOf = ({ termDays, untilDay }: Pick<StandingRow, 'termDays' | 'untilDay'>) =>
  termDays === null ? undefined : { days: termDays, ...(untilDay !== null && { untilDay }) };

export async function readStanding(transaction: Transaction, handle: Uint8Array): Promise<Standing | undefined> {
  const { rows } = await transaction.query<StandingRow>(
    `SELECT kind::text AS kind, force, backed, final, at_once AS "atOnce", by, term_days AS "termDays", until_day AS "untilDay"
     FROM keyholder.standings WHERE handle = $1`,
    [handle],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { kind, force, backed, final, atOnce, by } = row;
  return { kind, inForce: force !== null, backed, final, atOnce, by: by?.toString('hex'), term: termOf(row) };
}

/** @param force the number it is in force from, when it is put in force by this very act */
export async function writeStanding(
  transaction: Transaction,
  handle: Uint8Array,
  standing: Standing,
  { day, force }: { readonly day: number; readonly force: number | undefined },
): Promise<void> {
  const { kind, backed, final, atOnce, by, term } = standing;
  await transaction.query(
    `INSERT INTO keyholder.standings AS s (handle, kind, force, since_day, batch, backed, final, by, term_days, until_day, at_once)
     VALUES ($1, $2::text::keyholder.standing_kind, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (handle) DO UPDATE SET kind = excluded.kind, force = coalesce(excluded.force, s.force),
       since_day = CASE WHEN excluded.backed AND NOT s.backed THEN excluded.since_day ELSE s.since_day END,
       batch = coalesce(s.batch, excluded.batch), backed = excluded.backed, final = excluded.final, by = excluded.by,
       term_days = excluded.term_days, until_day = excluded.until_day, at_once = excluded.at_once`,
    [
      handle,
      kind,
      force ?? null,
      day,
      term ? null : await heldByRegistrar(transaction, handle),
      backed,
      final,
      by === undefined ? null : Buffer.from(by, 'hex'),
      term?.days ?? null,
      term?.untilDay ?? null,
      atOnce,
    ],
  );
}

/** The batch of an account that was reinstated and not yet named again: the registrar still holds it suspended. It is told of no term. */
async function heldByRegistrar(transaction: Transaction, handle: Uint8Array): Promise<number | null> {
  const { rowCount } = await transaction.query('DELETE FROM keyholder.pending_reinstatements WHERE handle = $1', [handle]);
  return rowCount === 1 ? 0 : null;
}

interface NamedRow extends Pick<StandingRow, 'force' | 'termDays' | 'untilDay'> {
  readonly ended: number | null;
}

export async function readNamed(transaction: Transaction, mark: Uint8Array): Promise<Named | undefined> {
  const { rows } = await transaction.query<NamedRow>(
    'SELECT force, term_days AS "termDays", until_day AS "untilDay", ended FROM keyholder.named_selectors WHERE mark = $1',
    [mark],
  );
  const [row] = rows;
  return row && { inForce: row.force !== null, term: termOf(row), ended: row.ended !== null };
}

/** @param force the number from which on it comes back, when this act ends its term */
export async function writeNamed(
  transaction: Transaction,
  mark: Uint8Array,
  named: Named | undefined,
  { day, force }: { readonly day: number; readonly force: number | undefined },
): Promise<void> {
  if (!named) {
    await transaction.query('DELETE FROM keyholder.named_selectors WHERE mark = $1', [mark]);
    return;
  }
  const { inForce, term, ended } = named;
  await transaction.query(
    `INSERT INTO keyholder.named_selectors AS n (mark, since_day, term_days, until_day) VALUES ($1, $2, $3, $4)
     ON CONFLICT (mark) DO UPDATE SET force = CASE WHEN $5 THEN n.force END,
       since_day = CASE WHEN n.ended IS NULL THEN n.since_day ELSE excluded.since_day END,
       term_days = excluded.term_days, until_day = excluded.until_day, ended = CASE WHEN $6 THEN coalesce(n.ended, $7::int) END`,
    [mark, day, term?.days ?? null, term?.untilDay ?? null, inForce, ended, force ?? null],
  );
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
  const { rows } = await transaction.query<{ batch: number | null; forTerm: boolean }>(
    'DELETE FROM keyholder.standings WHERE handle = $1 AND NOT final RETURNING batch, term_days IS NOT NULL AS "forTerm"',
    [handle],
  );
  const [standing] = rows;
  if (!standing) return false;
  await transaction.query('DELETE FROM keyholder.related_marks WHERE handle = $1', [handle]);
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
  if (standing.forTerm) return true; // what it had comes back
  await transaction.query(
    `INSERT INTO keyholder.allowances AS a (handle, extra, expiry_day) VALUES ($1, $2, $3)
     ON CONFLICT (handle) DO UPDATE SET extra = excluded.extra + CASE WHEN a.expiry_day > $4 THEN a.extra ELSE 0 END, expiry_day = excluded.expiry_day`,
    [handle, extra, extraUntil, day],
  );
  return true;
}
