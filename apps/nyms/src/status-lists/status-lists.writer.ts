/**
 * Publications in PostgreSQL, by plain `pg`. Whoever has the lock of the one row publishes, in one transaction: pseudonyms that have ended
 * lose their index, each list is signed over all that has ended so far, and stays byte for byte what it is until the next time.
 *
 * Ended indices are read as packed bytes in one pass over the index table: four bytes each are held, and the bits of one list.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { drawList, endedNext, listsToOpen } from './list-bits.js';

export interface Publication {
  /** seconds; older than what is published: nothing happens */
  readonly at: number;
  /** days since 1970: what has expired by then has ended */
  readonly today: number;
  tokenOf(list: number, ended: Uint8Array): Promise<string>;
}

interface ListRow {
  readonly cover: Buffer;
  readonly ended: Buffer;
}

@Injectable()
export class StatusListsWriter {
  constructor(private readonly pool: pg.Pool) {}

  /** Safe at any time and in any number of processes. @returns how many lists there are now; undefined when nothing was due */
  async publish(publication: Publication): Promise<number | undefined> {
    if ((await publishedAt(this.pool)) >= publication.at) return undefined;
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const lists = await publishOn(client, publication);
      await client.query('COMMIT');
      client.release();
      return lists;
    } catch (error) {
      client.release(true); // closing it rolls back, also when it no longer answers
      throw error;
    }
  }
}

async function publishedAt(on: pg.Pool | pg.PoolClient, lock = ''): Promise<number> {
  const { rows } = await on.query<{ at: string }>(`SELECT published_at AS at FROM status_lists.publication WHERE id = 1 ${lock}`);
  return rows[0] ? Number(rows[0].at) : -1;
}

async function publishOn(client: pg.PoolClient, { at, today, tokenOf }: Publication): Promise<number | undefined> {
  await client.query('INSERT INTO status_lists.publication (key, published_at) VALUES ($1, -1) ON CONFLICT DO NOTHING', [
    randomBytes(32),
  ]);
  if ((await publishedAt(client, 'FOR UPDATE')) >= at) return undefined;
  await client.query(
    `UPDATE status_lists.indices i SET uri = NULL FROM pseudonyms.pseudonyms p
     WHERE p.uri = i.uri AND (p.revoked OR p.disabled OR p.expiry_day <= $1)`,
    [today],
  );
  const { rows: lists } = await client.query<{ number: number; given: number; packed: Buffer | null }>(
    `SELECT l.number, coalesce(i.given, 0) AS given, i.packed FROM status_lists.lists l LEFT JOIN (
       SELECT list, count(*)::int AS given, string_agg(int4send(idx), ''::bytea) FILTER (WHERE uri IS NULL) AS packed
       FROM status_lists.indices GROUP BY list) i ON i.list = l.number ORDER BY l.number`,
  );
  for (const { number, packed } of lists) {
    const { rows } = await client.query<ListRow>('SELECT cover, ended FROM status_lists.lists WHERE number = $1', [number]);
    const { cover, ended: shown } = rows[0]!;
    const ended = endedNext(shown, cover, packed ?? new Uint8Array());
    await client.query('UPDATE status_lists.lists SET ended = $2, token = $3 WHERE number = $1', [
      number,
      ended,
      await tokenOf(number, ended),
    ]);
  }
  const given = lists.reduce((sum, list) => sum + list.given, 0);
  const count = lists.length + listsToOpen(lists.length, given);
  for (let number = lists.length; number < count; number++) {
    const { decoys, cover } = drawList();
    await client.query('INSERT INTO status_lists.lists (number, decoys, cover, ended, token) VALUES ($1, $2, $3, $2, $4)', [
      ...[number, decoys, cover],
      await tokenOf(number, decoys),
    ]);
  }
  await client.query('UPDATE status_lists.publication SET published_at = $1 WHERE id = 1', [at]);
  return count;
}
