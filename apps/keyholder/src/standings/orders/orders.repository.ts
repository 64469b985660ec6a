/** Approved acts on accounts by their handle until a full batch carries them out, and accounts whose related ones are to be found then. */
import type { AccountRemedy } from '#contracts';
import type { Transaction } from '../../database/writer.js';

interface Ordered {
  readonly handle: Buffer;
  readonly remedy: AccountRemedy;
}

/** A deletion takes the place of a suspension; handles that nobody has are passed over. */
const replacing = (table: 'account_orders' | 'related_marks') =>
  `INSERT INTO keyholder.${table} AS t (handle, remedy) SELECT h.handle, $2 FROM keyholder.handles h WHERE h.handle = ANY($1::bytea[])
   ON CONFLICT (handle) DO UPDATE SET remedy = CASE WHEN t.remedy = 'delete' THEN 'delete' ELSE excluded.remedy END`;

export async function addOrders(transaction: Transaction, handles: readonly Uint8Array[], remedy: AccountRemedy): Promise<void> {
  await transaction.query(replacing('account_orders'), [handles, remedy]);
}

export async function takeOrders(transaction: Transaction): Promise<Ordered[]> {
  const { rows } = await transaction.query<Ordered>('DELETE FROM keyholder.account_orders RETURNING handle, remedy');
  return rows;
}

export async function markRelated(transaction: Transaction, handle: Uint8Array, remedy: AccountRemedy): Promise<void> {
  await transaction.query(replacing('related_marks'), [[handle], remedy]);
}

/** Those that wait for a batch. A deleted account that is forgotten is none any more. */
export async function relatedMarks(transaction: Transaction): Promise<Ordered[]> {
  const { rows } = await transaction.query<Ordered>('SELECT handle, remedy FROM keyholder.related_marks');
  return rows;
}

/** Undoing the decision of an epoch does not lift what people have approved themselves. */
export async function standOnApproval(transaction: Transaction, handles: readonly Uint8Array[]): Promise<void> {
  await transaction.query('UPDATE keyholder.standings SET epoch = NULL WHERE handle = ANY($1::bytea[])', [handles]);
}
