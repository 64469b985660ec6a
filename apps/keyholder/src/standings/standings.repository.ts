/** Standings and force times. A handle stands here with days and numbers only; a named pseudonym never stands beside a handle. */
import type { Transaction } from '../database/writer.js';
import { firstNumber } from '../generation/generation.repository.js';

export interface StandingInForce {
  readonly kind: 'full' | 'blind';
  readonly force: number;
  readonly at: Date;
}

/** Those of these handles with a standing in force, by hex of the handle. */
export async function standingsInForce(
  transaction: Transaction,
  handles: readonly Uint8Array[],
): Promise<Map<string, StandingInForce>> {
  const { rows } = await transaction.query<StandingInForce & { handle: Buffer }>({
    name: 'standings in force',
    text: `SELECT s.handle, s.kind::text AS kind, s.force, f.at FROM keyholder.standings s
      JOIN keyholder.force_times f ON f.number = s.force WHERE s.handle = ANY($1::bytea[])`,
    values: [handles],
  });
  return new Map(rows.map(({ handle, ...standing }) => [handle.toString('hex'), standing]));
}

/** When the pseudonyms behind these marks end because a blind act named them and is in force, by hex of the mark. */
export async function namedInForce(transaction: Transaction, marks: readonly Uint8Array[]): Promise<Map<string, Date>> {
  const { rows } = await transaction.query<{ mark: Buffer; at: Date }>({
    name: 'named in force',
    text: `SELECT n.mark, f.at FROM keyholder.named_selectors n
      JOIN keyholder.force_times f ON f.number = n.force WHERE n.mark = ANY($1::bytea[])`,
    values: [marks],
  });
  return new Map(rows.map(({ mark, at }) => [mark.toString('hex'), at]));
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

/** Puts everything that waits in force. A backed blind standing becomes full: its selectors end from this number on. */
export async function putInForce(transaction: Transaction, number: number): Promise<void> {
  await transaction.query(
    `UPDATE keyholder.standings SET force = $1, backed = false,
       kind = CASE WHEN backed THEN 'full'::keyholder.standing_kind ELSE kind END
     WHERE force IS NULL AND kind = 'full' OR backed`,
    [number],
  );
  await transaction.query('UPDATE keyholder.standings SET force = $1 WHERE force IS NULL', [number]);
  await transaction.query('UPDATE keyholder.named_selectors SET force = $1 WHERE force IS NULL', [number]);
}

/**
 * Accounts that crossed. One that was reinstated and not yet named again counts as named: the registrar still holds it suspended.
 * A blind standing that waits becomes full; one in force becomes full with the next force number; full ones stay what they are.
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
     ON CONFLICT (handle) DO NOTHING`,
    [handles, epoch, day],
  );
  await back(transaction, handles, day, epoch);
}

/** Backs blind standings: by signals, by a second moderator, or by crossing. Others are left alone. */
export async function back(transaction: Transaction, handles: readonly Uint8Array[], day: number, epoch?: number): Promise<void> {
  if (handles.length === 0) return;
  await transaction.query(
    `UPDATE keyholder.standings SET
       kind = CASE WHEN force IS NULL THEN 'full'::keyholder.standing_kind ELSE kind END,
       since_day = CASE WHEN force IS NULL THEN since_day ELSE $2 END,
       backed = force IS NOT NULL, epoch = coalesce(epoch, $3)
     WHERE handle = ANY($1::bytea[]) AND kind = 'blind' AND NOT backed`,
    [handles, day, epoch ?? null],
  );
}

/** Handles with a blind standing that nothing backs. */
export async function blindHandles(transaction: Transaction): Promise<Buffer[]> {
  const { rows } = await transaction.query<{ handle: Buffer }>(
    `SELECT handle FROM keyholder.standings WHERE kind = 'blind' AND NOT backed`,
  );
  return rows.map(({ handle }) => handle);
}
