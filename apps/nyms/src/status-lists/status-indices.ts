/**
 * Which index of which list shows a pseudonym's status. An active pseudonym has one of its own, drawn at random over all lists and never
 * given again. One that is not active, whatever the reason, is placed on a decoy by a keyed function of its address: unknown, expired and
 * revoked are not told apart by where they stand, by what that bit says (ended, always), nor by asking again.
 */
import { createHmac, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { frame, Problem } from '#contracts';
import { FIRST_LISTS, isSet, LIST_SIZE } from './list-bits.js';
import type { ListBits } from './list-bits.js';
import { StatusListPublisher } from './status-list-publisher.js';
import { StatusListsReader } from './status-lists.reader.js';

export interface Index {
  readonly list: number;
  readonly idx: number;
}

/** Lists are at most half full, so this many tries in a row fail once in 2^50. */
const MOST_TRIES = 50;

@Injectable()
export class StatusIndices {
  private lists: readonly ListBits[] = [];
  private key: Uint8Array | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly reader: StatusListsReader,
    private readonly publisher: StatusListPublisher,
  ) {
    publisher.onPublished(() => this.takeNewLists());
  }

  /** After the same look into the database for everybody. @param active is answered by whoever asks */
  async of(uri: string, active: boolean): Promise<Index> {
    const key = await this.ready();
    const { rows } = await this.pool.query<Index>('SELECT list, idx FROM status_lists.indices WHERE uri = $1', [uri]);
    const decoy = decoyOf(key, this.lists.slice(0, FIRST_LISTS), uri);
    if (!active) return decoy;
    return rows[0] ?? this.late(uri);
  }

  /** Gives each an index that does not have one. @param client in the caller's transaction. @param uris in an order that tells nothing */
  async give(client: pg.PoolClient, uris: readonly string[]): Promise<void> {
    await this.ready();
    let left = uris;
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === MOST_TRIES) throw new Problem('service-unavailable', { retryAfterMs: 10_000 });
      const drawn = left.map(() => this.draw());
      await client.query({
        name: 'give indices',
        text: `INSERT INTO status_lists.indices (list, idx, uri) SELECT * FROM unnest($1::int[], $2::int[], $3::text[])
          ON CONFLICT DO NOTHING`,
        values: [drawn.map(({ list }) => list), drawn.map(({ idx }) => idx), left],
      });
      const { rows } = await client.query<{ uri: string }>({
        name: 'without index',
        text: `SELECT t.uri FROM unnest($1::text[]) WITH ORDINALITY AS t(uri, place)
          WHERE NOT EXISTS (SELECT 1 FROM status_lists.indices i WHERE i.uri = t.uri) ORDER BY t.place`,
        values: [left],
      });
      left = rows.map(({ uri }) => uri);
    }
  }

  /** For one from before there were lists, or one that has come back: what has been shown ended stays so. */
  private async late(uri: string): Promise<Index> {
    const client = await this.pool.connect();
    try {
      await this.give(client, [uri]);
      const { rows } = await client.query<Index>('SELECT list, idx FROM status_lists.indices WHERE uri = $1', [uri]);
      if (!rows[0]) throw new Problem('service-unavailable', { retryAfterMs: 1_000 }); // it ended this moment
      return rows[0];
    } finally {
      client.release();
    }
  }

  /** Even over all that is for pseudonyms; what others have already is found by the insert. */
  private draw(): Index {
    for (;;) {
      const [list, idx] = [randomInt(this.lists.length), randomInt(LIST_SIZE)];
      const { decoys, cover } = this.lists[list]!;
      if (!isSet(decoys, idx) && !isSet(cover, idx)) return { list, idx };
    }
  }

  private async ready(): Promise<Uint8Array> {
    if (this.lists.length === 0) {
      await this.publisher.publishDue(); // makes the first lists, if nobody has yet
      await this.takeNewLists();
    }
    return (this.key ??= await this.keyOfLists());
  }

  private async keyOfLists(): Promise<Uint8Array> {
    const key = await this.reader.key();
    if (!key) throw new Error('status lists without their key');
    return key;
  }

  private async takeNewLists(): Promise<void> {
    const from = this.lists.length;
    const more = await this.reader.bitsFrom(from);
    if (this.lists.length === from) this.lists = [...this.lists, ...more];
  }
}

/** 20 bits name one index of the first lists; the first that falls on a decoy is taken. */
export function decoyOf(key: Uint8Array, first: readonly ListBits[], uri: string): Index {
  for (let block = 0; ; block++) {
    const bytes = createHmac('sha256', key).update(frame(uri, block)).digest();
    for (let at = 0; at < bytes.length; at += 4) {
      const place = bytes.readUInt32BE(at) % (FIRST_LISTS * LIST_SIZE);
      const [list, idx] = [Math.floor(place / LIST_SIZE), place % LIST_SIZE];
      if (isSet(first[list]!.decoys, idx)) return { list, idx };
    }
  }
}
