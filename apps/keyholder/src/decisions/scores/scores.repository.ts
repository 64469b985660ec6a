/** Sealed baselines of reinstated handles, and the positive flag. No score is stored in the clear. */
import type { Transaction } from '../../database/writer.js';

export interface BaselineRow {
  readonly handle: Buffer;
  readonly sealed: Buffer;
  readonly pending: boolean;
}

export async function readBaselines(transaction: Transaction): Promise<BaselineRow[]> {
  const { rows } = await transaction.query<BaselineRow>('SELECT handle, sealed, pending FROM keyholder.baselines');
  return rows;
}

/** A pending one counts its window from this epoch. */
export async function saveBaselines(
  transaction: Transaction,
  baselines: readonly { readonly handle: Uint8Array; readonly sealed: Uint8Array }[],
  epoch: number,
): Promise<void> {
  if (baselines.length === 0) return;
  await transaction.query(
    `UPDATE keyholder.baselines b SET sealed = t.sealed, pending = false, epoch = CASE WHEN b.pending THEN $3 ELSE b.epoch END
     FROM unnest($1::bytea[], $2::bytea[]) AS t (handle, sealed) WHERE b.handle = t.handle`,
    [baselines.map(({ handle }) => handle), baselines.map(({ sealed }) => sealed), epoch],
  );
}

/** After one window no signal from before the reinstatement is left. @param until noted in this epoch or earlier */
export async function dropBaselines(transaction: Transaction, until: number): Promise<void> {
  await transaction.query('DELETE FROM keyholder.baselines WHERE NOT pending AND epoch <= $1', [until]);
}

/** Exactly these handles pass the positive threshold. */
export async function setCommended(transaction: Transaction, handles: readonly Uint8Array[]): Promise<void> {
  await transaction.query(
    'UPDATE keyholder.handles SET commended = NOT commended WHERE commended <> (handle = ANY($1::bytea[]))',
    [handles],
  );
}
