/** Transactions and advisory locks on a pool: a killed process leaves neither behind. */
import type { Pool, PoolClient } from 'pg';

/** Commits what `work` did, or nothing of it. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Names of the advisory locks of the nyms database. */
export const locks = { closing: 7_404_001, pipeline: 7_404_002, schedule: 7_404_003, trees: 7_404_004 } as const;

export const busy: unique symbol = Symbol('busy');

/** Runs `work` unless another process (or call) holds the lock: then `busy`, at once. The lock lives and dies with a connection. */
export async function withLock<T>(pool: Pool, lock: number, work: () => Promise<T>): Promise<T | typeof busy> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [lock]);
    if (!rows[0]?.got) return busy;
    try {
      return await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lock]);
    }
  } finally {
    client.release();
  }
}
