/** What the registrar found related to the marked accounts of a batch, sealed: the database alone groups no handles. */
import type { AccountRemedy } from '#contracts';
import type { Transaction } from '../../database/writer.js';

export interface ProposalRow {
  /** 32 bytes */
  readonly digest: Buffer;
  readonly batch: number;
  readonly remedy: AccountRemedy;
  readonly sealed: Buffer;
}

/** Did this batch mark accounts for that? */
export async function wasAskedFor(transaction: Transaction, batch: number, remedy: AccountRemedy): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `SELECT 1 FROM keyholder.release_batches WHERE number = $1
       AND cardinality(CASE WHEN $2 = 'delete' THEN related_delete ELSE related_suspend END) > 0`,
    [batch, remedy],
  );
  return rowCount === 1;
}

/** The first for a batch and remedy stays. */
export async function addProposal(
  transaction: Transaction,
  { digest, batch, remedy, sealed }: Omit<ProposalRow, 'digest' | 'sealed'> & { digest: Uint8Array; sealed: Uint8Array },
): Promise<void> {
  await transaction.query(
    'INSERT INTO keyholder.proposals (digest, batch, remedy, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [digest, batch, remedy, sealed],
  );
}

export async function readProposals(transaction: Transaction): Promise<ProposalRow[]> {
  const { rows } = await transaction.query<ProposalRow>(
    'SELECT digest, batch, remedy, sealed FROM keyholder.proposals ORDER BY batch DESC, remedy LIMIT 500',
  );
  return rows;
}

export async function findProposal(transaction: Transaction, digest: Uint8Array): Promise<ProposalRow | undefined> {
  const { rows } = await transaction.query<ProposalRow>(
    'SELECT digest, batch, remedy, sealed FROM keyholder.proposals WHERE digest = $1',
    [digest],
  );
  return rows[0];
}

export async function dropProposal(transaction: Transaction, digest: Uint8Array): Promise<void> {
  await transaction.query('DELETE FROM keyholder.proposals WHERE digest = $1', [digest]);
}
