/** Terms that are over. What a mark says of a pseudonym is kept until no credential from then can still be valid. */
import { EXPIRY_WEEKS, PERIOD_DAYS } from '#contracts';
import type { Transaction } from '../database/writer.js';

/** The longest that a credential lives which could still be renewed on the day its pseudonym was named. */
const longestLife = 2 * PERIOD_DAYS + 7 * EXPIRY_WEEKS.most;

export interface EndedTerms {
  /** accounts whose suspension is over */
  readonly handles: readonly Buffer[];
  /** pseudonyms that come back, as marks */
  readonly marks: readonly Buffer[];
}

export async function endedTerms(transaction: Transaction, today: number): Promise<EndedTerms> {
  const standings = await transaction.query<{ handle: Buffer }>('SELECT handle FROM keyholder.standings WHERE until_day <= $1', [
    today,
  ]);
  const named = await transaction.query<{ mark: Buffer }>(
    'SELECT mark FROM keyholder.named_selectors WHERE until_day <= $1 AND ended IS NULL',
    [today],
  );
  return { handles: standings.rows.map(({ handle }) => handle), marks: named.rows.map(({ mark }) => mark) };
}

export async function comeBack(transaction: Transaction, marks: readonly Uint8Array[], force: number): Promise<void> {
  await transaction.query('UPDATE keyholder.named_selectors SET ended = $2 WHERE mark = ANY($1::bytea[])', [marks, force]);
}

export async function forgetReturned(transaction: Transaction, today: number): Promise<void> {
  await transaction.query('DELETE FROM keyholder.named_selectors WHERE ended IS NOT NULL AND until_day <= $1', [
    today - longestLife,
  ]);
}
