/** The one shadow policy, the reports about it, and what they spent. Counts lie here as they are told: with their noise, the small ones left out. */
import { approvedShadow, type ApprovedShadow, type ShadowReport, type Side } from '#contracts';
import type { Transaction } from '../database/writer.js';

export interface Shadow {
  /** digest of the approved request, base64url */
  readonly request: string;
  /** digest of the live policy that it differs from, 32 bytes */
  readonly base: Uint8Array;
  readonly approved: ApprovedShadow;
}

export async function readShadow(transaction: Transaction): Promise<Shadow | undefined> {
  const { rows } = await transaction.query<{ request: string; base: Buffer; approved: string }>(
    'SELECT request, base, approved FROM keyholder.shadow WHERE id = 1',
  );
  return rows[0] && { ...rows[0], approved: approvedShadow.parse(JSON.parse(rows[0].approved)) };
}

/** In place of the one before. */
export async function setShadow(transaction: Transaction, { request, base, approved }: Shadow): Promise<void> {
  await transaction.query(
    `INSERT INTO keyholder.shadow (id, request, base, approved) VALUES (1, $1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET request = excluded.request, base = excluded.base, approved = excluded.approved`,
    [request, base, JSON.stringify(approved)],
  );
}

export async function endShadow(transaction: Transaction): Promise<void> {
  await transaction.query('DELETE FROM keyholder.shadow');
}

/** Hundredths of ε in the newest period there is: a clock that goes back finds what was spent. */
export async function spentIn(transaction: Transaction, period: number): Promise<{ period: number; spent: number }> {
  const { rows } = await transaction.query<{ period: number; spent: number }>(
    'SELECT period, spent FROM keyholder.shadow_spending WHERE period >= $1 ORDER BY period DESC LIMIT 1',
    [period],
  );
  return rows[0] ?? { period, spent: 0 };
}

/** @returns false when the budget of the period does not have it: nothing is spent, and nothing may be told. */
export async function spend(transaction: Transaction, today: number, hundredths: number, limit: number): Promise<boolean> {
  const { period, spent } = await spentIn(transaction, today);
  if (spent + hundredths > limit) return false;
  await transaction.query(
    `INSERT INTO keyholder.shadow_spending (period, spent) VALUES ($1, $2)
     ON CONFLICT (period) DO UPDATE SET spent = shadow_spending.spent + excluded.spent`,
    [period, hundredths],
  );
  return true;
}

export async function addReport(transaction: Transaction, { epoch, side, version, counts }: ShadowReport): Promise<void> {
  await transaction.query('INSERT INTO keyholder.shadow_reports (epoch, side, version, counts) VALUES ($1, $2, $3, $4::jsonb)', [
    epoch,
    side,
    version,
    JSON.stringify(counts),
  ]);
}

export async function isReported(transaction: Transaction, epoch: number, side: Side): Promise<boolean> {
  const { rowCount } = await transaction.query('SELECT 1 FROM keyholder.shadow_reports WHERE epoch = $1 AND side = $2', [
    epoch,
    side,
  ]);
  return rowCount === 1;
}

/** The newest first. */
export async function reports(transaction: Transaction, most: number): Promise<ShadowReport[]> {
  const { rows } = await transaction.query<{ epoch: number; side: Side; version: number; counts: (number | null)[] }>(
    'SELECT epoch, side, version, counts FROM keyholder.shadow_reports ORDER BY epoch DESC, side LIMIT $1',
    [most],
  );
  return rows;
}
