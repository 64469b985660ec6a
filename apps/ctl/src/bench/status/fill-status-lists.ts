/** Pseudonyms with their indices as mints would leave them, without selectors, which no publication reads. Lists are copies of the first. */
import type pg from 'pg';

export interface StatusFill {
  readonly indices: number;
  /** Of these: without a pseudonym, because it has ended. */
  readonly retired: number;
  readonly domain: string;
  readonly today: number;
}

/** As many as nyms would have opened by then: half of what is for pseudonyms is given. */
const indicesPerList = 31_250;
/** nyms must not run, and have made its first lists. */
export async function fillStatusLists(pool: pg.Pool, { indices, retired, domain, today }: StatusFill): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SET session_replication_role = 'replica'"); // rows come from one plan
    const lists = Math.ceil(indices / indicesPerList);
    await client.query(
      `INSERT INTO status_lists.lists (number, decoys, cover, ended, token)
       SELECT n, decoys, cover, decoys, '' FROM generate_series(8, $1::int - 1) n JOIN status_lists.lists l ON l.number = n % 8`,
      [lists],
    );
    await client.query(
      `CREATE TEMPORARY TABLE planned AS SELECT n, 'mimi://' || $2 || '/p/' || substr(md5(n::text), 1, 26) AS uri
       FROM generate_series(0, $1::int - 1) n`,
      [indices, domain],
    );
    await client.query(
      `INSERT INTO pseudonyms.pseudonyms (uri, subject, salt, spki, expiry_day)
       SELECT uri, sha256(uri::bytea), decode(md5(uri), 'hex'), substr(sha512(uri::bytea), 1, 44), $2::int + 1 + n % 80
       FROM planned WHERE n >= $1 ORDER BY md5(uri)`,
      [retired, today],
    );
    // 48271 is odd: within a list no index comes twice
    await client.query(
      `INSERT INTO status_lists.indices (list, idx, uri)
       SELECT n % $1::int, (n / $1::int * 48271::bigint % 131072)::int, CASE WHEN n >= $2 THEN uri END FROM planned ORDER BY md5(uri)`,
      [lists, retired],
    );
    await client.query("SET session_replication_role = 'origin'");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
  await pool.query("VACUUM (ANALYZE, BUFFER_USAGE_LIMIT '0')"); // as autovacuum leaves tables in the end
  await pool.query('CHECKPOINT');
}
