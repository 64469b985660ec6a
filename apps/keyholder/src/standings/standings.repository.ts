/** Standings and force times. A handle stands here with days and numbers only; a named pseudonym never stands beside a handle. */
import type { Transaction } from '../database/writer.js';
import { firstNumber } from '../generation/generation.repository.js';

export interface ForceTime {
  readonly force: number;
  readonly at: Date;
}

export interface StandingInForce extends ForceTime {
  readonly kind: 'full' | 'blind';
  /** first day without it; null when it holds for good */
  readonly untilDay: number | null;
  readonly atOnce: boolean;
}

/** A pseudonym that an act named, in force. */
export interface NamedInForce extends ForceTime {
  /** null when it ends for good */
  readonly untilDay: number | null;
  /** from when on it comes back */
  readonly ended: ForceTime | undefined;
}

/** Those of these handles with a standing in force, by hex of the handle. */
export async function standingsInForce(
  transaction: Transaction,
  handles: readonly Uint8Array[],
): Promise<Map<string, StandingInForce>> {
  const { rows } = await transaction.query<StandingInForce & { handle: Buffer }>({
    name: 'standings in force',
    text: `SELECT s.handle, s.kind::text AS kind, s.force, f.at, s.until_day AS "untilDay", s.at_once AS "atOnce" FROM keyholder.standings s
      JOIN keyholder.force_times f ON f.number = s.force WHERE s.handle = ANY($1::bytea[])`,
    values: [handles],
  });
  return new Map(rows.map(({ handle, ...standing }) => [handle.toString('hex'), standing]));
}

/** What is in force of the pseudonyms behind these marks, by hex of the mark. */
export async function namedInForce(transaction: Transaction, marks: readonly Uint8Array[]): Promise<Map<string, NamedInForce>> {
  const { rows } = await transaction.query<
    ForceTime & { mark: Buffer; untilDay: number | null; ended: number | null; endedAt: Date }
  >({
    name: 'named in force',
    text: `SELECT n.mark, n.force, f.at, n.until_day AS "untilDay", n.ended, e.at AS "endedAt" FROM keyholder.named_selectors n
      JOIN keyholder.force_times f ON f.number = n.force LEFT JOIN keyholder.force_times e ON e.number = n.ended
      WHERE n.mark = ANY($1::bytea[])`,
    values: [marks],
  });
  return new Map(
    rows.map(({ mark, ended, endedAt, ...named }) => [
      mark.toString('hex'),
      { ...named, ended: ended === null ? undefined : { force: ended, at: endedAt } },
    ]),
  );
}

/** 0 before the first. */
export async function newestForce(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ number: number | null }>('SELECT max(number) AS number FROM keyholder.force_times');
  return rows[0]?.number ?? 0;
}

/** A new force number, with whole seconds. */
export async function makeForce(transaction: Transaction, at: Date): Promise<number> {
  const number = Math.max(await newestForce(transaction), await firstNumber(transaction)) + 1;
  const seconds = new Date(Math.floor(at.getTime() / 1_000) * 1_000);
  await transaction.query('INSERT INTO keyholder.force_times (number, at) VALUES ($1, $2)', [number, seconds]);
  return number;
}

/** Puts everything that waits in force. A backed blind standing becomes full: its selectors end from this number on. Terms begin. */
export async function putInForce(transaction: Transaction, number: number, today: number): Promise<void> {
  await transaction.query(
    `UPDATE keyholder.standings SET force = $1, backed = false,
       kind = CASE WHEN backed THEN 'full'::keyholder.standing_kind ELSE kind END
     WHERE force IS NULL AND kind = 'full' OR backed`,
    [number],
  );
  for (const table of ['standings', 'named_selectors'])
    await transaction.query(`UPDATE keyholder.${table} SET force = $1, until_day = $2::int + term_days WHERE force IS NULL`, [
      number,
      today,
    ]);
}

/**
 * Accounts that crossed. One that was reinstated and not yet named again counts as named: the registrar still holds it suspended.
 * A blind standing that waits becomes full; one in force becomes full with the next force number; full ones stay what they are. A term is
 * none any more.
 */
export async function suspend(
  transaction: Transaction,
  handles: readonly Uint8Array[],
  epoch: number,
  day: number,
): Promise<void> {
  if (handles.length === 0) return;
  await transaction.query(
    `WITH crossed AS (SELECT handle FROM unnest($1::bytea[]) AS c (handle)),
       told AS (DELETE FROM keyholder.pending_reinstatements p USING crossed c WHERE p.handle = c.handle RETURNING p.handle)
     INSERT INTO keyholder.standings (handle, kind, epoch, since_day, batch)
     SELECT c.handle, 'full', $2, $3, CASE WHEN t.handle IS NULL THEN NULL ELSE 0 END FROM crossed c LEFT JOIN told t ON t.handle = c.handle
     ON CONFLICT (handle) DO UPDATE SET term_days = NULL, until_day = NULL, batch = excluded.batch WHERE standings.term_days IS NOT NULL`,
    [handles, epoch, day],
  );
  await back(transaction, handles, day, epoch);
}

/** Backs blind standings: by signals, or by crossing. Terms and others are left alone. */
export async function back(transaction: Transaction, handles: readonly Uint8Array[], day: number, epoch?: number): Promise<void> {
  if (handles.length === 0) return;
  await transaction.query(
    `UPDATE keyholder.standings SET
       kind = CASE WHEN force IS NULL THEN 'full'::keyholder.standing_kind ELSE kind END,
       since_day = CASE WHEN force IS NULL THEN since_day ELSE $2 END,
       backed = force IS NOT NULL, epoch = coalesce(epoch, $3)
     WHERE handle = ANY($1::bytea[]) AND kind = 'blind' AND NOT backed AND term_days IS NULL`,
    [handles, day, epoch ?? null],
  );
}

/** Handles with a blind standing that nothing backs. */
export async function blindHandles(transaction: Transaction): Promise<Buffer[]> {
  const { rows } = await transaction.query<{ handle: Buffer }>(
    `SELECT handle FROM keyholder.standings WHERE kind = 'blind' AND NOT backed AND term_days IS NULL`,
  );
  return rows.map(({ handle }) => handle);
}
