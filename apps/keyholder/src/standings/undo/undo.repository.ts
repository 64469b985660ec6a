/** Standings by the epoch that decided them. */
import type { Transaction } from '../../database/writer.js';

/**
 * How many accounts a decision suspended when it was made; undefined for an epoch without one. All that people are told of it: a number that
 * followed what became of each account since would tell, act by act, which pseudonyms are of one account.
 */
export async function decidedCount(transaction: Transaction, epoch: number): Promise<number | undefined> {
  const { rows } = await transaction.query<{ suspended: number }>(
    `SELECT suspended FROM keyholder.decided_trees WHERE epoch = $1 AND side = 'negative' AND outcome = 'decided'`,
    [epoch],
  );
  return rows[0]?.suspended;
}

export interface DecidedStandings {
  /** Suspended by the decision alone. */
  readonly whole: readonly Buffer[];
  /** A moderator has acted on the account, too. */
  readonly alsoBlind: readonly Buffer[];
}

/** Deleted accounts are not among them: nothing brings those back. */
export async function decidedStandings(transaction: Transaction, epoch: number): Promise<DecidedStandings> {
  const { rows } = await transaction.query<{ handle: Buffer; blind: boolean }>(
    'SELECT handle, by IS NOT NULL AS blind FROM keyholder.standings WHERE epoch = $1 AND NOT final',
    [epoch],
  );
  const of = (blind: boolean) => rows.filter((row) => row.blind === blind).map(({ handle }) => handle);
  return { whole: of(false), alsoBlind: of(true) };
}

/** What remains of them is the moderator's act, backed by nothing. */
export async function becomeBlind(transaction: Transaction, handles: readonly Uint8Array[]): Promise<void> {
  await transaction.query(
    `UPDATE keyholder.standings SET kind = 'blind', backed = false, epoch = NULL WHERE handle = ANY($1::bytea[])`,
    [handles],
  );
}
