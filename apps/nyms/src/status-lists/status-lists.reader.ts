/** What is published, and what never changes of a list: its decoys and its cover. By plain `pg`; reads only. */
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import type { ListBits } from './list-bits.js';

export interface Published {
  /** seconds */
  readonly at: number;
  readonly token: string;
}

@Injectable()
export class StatusListsReader {
  constructor(private readonly pool: pg.Pool) {}

  async published(list: number): Promise<Published | undefined> {
    const { rows } = await this.pool.query<{ at: string; token: string }>(
      'SELECT published_at AS at, token FROM status_lists.lists, status_lists.publication WHERE number = $1',
      [list],
    );
    return rows[0] && { at: Number(rows[0].at), token: rows[0].token };
  }

  /** Lists are numbered from 0. */
  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM status_lists.lists');
    return rows[0]!.count;
  }

  /** HMAC key that places what is not active; undefined before the first publication. */
  async key(): Promise<Uint8Array | undefined> {
    const { rows } = await this.pool.query<{ key: Buffer }>('SELECT key FROM status_lists.publication');
    return rows[0]?.key;
  }

  /** @param from number of the first */
  async bitsFrom(from: number): Promise<ListBits[]> {
    const { rows } = await this.pool.query<ListBits>(
      'SELECT decoys, cover FROM status_lists.lists WHERE number >= $1 ORDER BY number',
      [from],
    );
    return rows;
  }
}
