/** Cohorts, their lists and taken slots in the database. No handle is read here. */
import type { Transaction } from '../database/writer.js';
import { newestOf } from '../key-epochs/key-epoch-rules.js';
import { readKeyEpochs } from '../key-epochs/key-epochs.repository.js';
import type { CohortChanges, CohortRows } from './cohort-book.js';

/** Everything the book needs: cohorts, taken slots, the newest list and those that a retry may still name. */
export async function loadCohorts(transaction: Transaction): Promise<CohortRows> {
  const keyEpoch = newestOf(await readKeyEpochs(transaction));
  const cohorts = await transaction.query<{ cohort: number; keyEpoch: number; open: boolean }>(
    'SELECT cohort, key_epoch AS "keyEpoch", open FROM keyholder.cohorts ORDER BY cohort',
  );
  const taken = await transaction.query<{ cohort: number; slot: number }>(
    'SELECT p.cohort, p.slot FROM keyholder.positions p JOIN keyholder.cohorts c USING (cohort) WHERE c.key_epoch = $1',
    [keyEpoch],
  );
  const lists = await transaction.query<{ number: number; cohorts: number[] }>(
    `SELECT number, cohorts FROM keyholder.cohort_lists
      WHERE number >= coalesce((SELECT min(list) FROM keyholder.spent), (SELECT max(number) FROM keyholder.cohort_lists))
      ORDER BY number`,
  );
  return { keyEpoch, cohorts: cohorts.rows, taken: taken.rows, lists: lists.rows };
}

export async function saveCohorts(transaction: Transaction, changes: CohortChanges, keyEpoch: number): Promise<void> {
  const { opened, reopened, closed, lists } = changes;
  if (opened.length > 0)
    await transaction.query('INSERT INTO keyholder.cohorts (cohort, key_epoch) SELECT unnest($1::int[]), $2', [opened, keyEpoch]);
  if (reopened.length > 0)
    await transaction.query('UPDATE keyholder.cohorts SET open = true WHERE cohort = ANY($1::int[])', [reopened]);
  if (closed.length > 0)
    await transaction.query('UPDATE keyholder.cohorts SET open = false WHERE cohort = ANY($1::int[])', [closed]);
  for (const { number, cohorts } of lists)
    await transaction.query('INSERT INTO keyholder.cohort_lists (number, cohorts) VALUES ($1, $2)', [number, cohorts]);
}
