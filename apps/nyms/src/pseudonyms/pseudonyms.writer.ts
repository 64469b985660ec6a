/**
 * Writes pseudonyms, their clients, selectors and status indices: what comes together is written together, shuffled, in one transaction, so that the order
 * of rows is not the order of requests; no row holds a time finer than a period. Plain `pg`, because ciphertexts go over as one binary
 * value: as parameters of their own they cost more than their rows.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { WritePool } from '#platform';
import type { Selector } from '#pseudonyms';
import { StatusIndices } from '../status-lists/status-indices.js';

export interface NewClient {
  readonly uri: string;
  readonly clientUri: string;
  /** SubjectPublicKeyInfo, DER */
  readonly spki: Uint8Array;
}

export interface NewPseudonym extends NewClient {
  readonly salt: Uint8Array;
  readonly selector: Selector;
}

export type Written = 'written' | 'conflict';

/** Answers of one pool of the key holder arrive together: long enough to mix them, short enough not to be felt. */
const POOL = { maxSize: 64, maxDelayMs: 25 } as const;

@Injectable()
export class PseudonymsWriter implements BeforeApplicationShutdown {
  private readonly mints = new WritePool<NewPseudonym, Written>({ ...POOL, flush: (batch) => this.insert(batch) });
  private readonly renewals = new WritePool<OwnedSelector, Written>({ ...POOL, flush: (batch) => this.insertRenewed(batch) });
  private readonly clients = new WritePool<NewClient, Written>({ ...POOL, flush: (batch) => this.insertClients(batch) });

  constructor(
    private readonly pool: pg.Pool,
    @Inject(StatusIndices) private readonly indices: Pick<StatusIndices, 'give'>,
  ) {}

  /** Resolves once committed. `conflict`: the URI or the client's address belongs to another key. */
  add(pseudonym: NewPseudonym): Promise<Written> {
    return this.mints.add(pseudonym);
  }

  /** Resolves once committed. A (pseudonym, period) has one selector: one that is there already stays. */
  async addSelector(uri: string, selector: Selector): Promise<void> {
    await this.renewals.add({ uri, selector });
  }

  /** Resolves once committed. `conflict`: the address is in use with another key. */
  addClient(client: NewClient): Promise<Written> {
    return this.clients.add(client);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.mints.drain(), this.renewals.drain(), this.clients.drain()]);
  }

  private insert(batch: readonly NewPseudonym[]): Promise<Written[]> {
    return this.transaction(async (client) => {
      const subjects = batch.map(({ selector }) => Buffer.from(selector.subject));
      await client.query({
        name: 'insert pseudonyms',
        text: `INSERT INTO pseudonyms.pseudonyms (uri, subject, salt, spki, expiry_day)
          SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::int[]) ON CONFLICT DO NOTHING`,
        values: [
          batch.map(({ uri }) => uri),
          subjects,
          batch.map(({ salt }) => Buffer.from(salt)),
          batch.map(({ spki }) => Buffer.from(spki)),
          batch.map(({ selector }) => selector.expiryDay),
        ],
      });
      const own = await this.ofSubject(client, batch, subjects);
      const ready = new Set(await this.writeClients(client, own));
      const complete = own.filter((one) => ready.has(one));
      await insertSelectors(client, complete);
      await this.indices.give(
        client,
        complete.map(({ uri }) => uri),
      );
      const lost = own.filter((one) => !ready.has(one)).map(({ uri }) => uri);
      // the client's address is in use: the pseudonym goes again, unless it was there before
      if (lost.length > 0) {
        const isBare = 'NOT EXISTS (SELECT 1 FROM pseudonyms.selectors s WHERE s.uri = p.uri)';
        await client.query(`DELETE FROM pseudonyms.pseudonyms p WHERE uri = ANY($1) AND ${isBare}`, [lost]);
      }
      return batch.map((one) => (ready.has(one) ? 'written' : 'conflict'));
    });
  }

  /** Those whose URI is theirs: stored with their subject, now or before. */
  private async ofSubject(
    client: pg.PoolClient,
    batch: readonly NewPseudonym[],
    subjects: readonly Buffer[],
  ): Promise<NewPseudonym[]> {
    const { rows } = await client.query<{ place: string }>({
      name: 'own pseudonyms',
      text: `SELECT t.place FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS t(uri, subject, place)
        JOIN pseudonyms.pseudonyms p ON p.uri = t.uri AND p.subject = t.subject`,
      values: [batch.map(({ uri }) => uri), subjects],
    });
    return rows.map(({ place }) => batch[Number(place) - 1]!);
  }

  private async insertRenewed(batch: readonly OwnedSelector[]): Promise<Written[]> {
    return this.transaction(async (client) => {
      await insertSelectors(client, batch);
      await client.query(
        `UPDATE pseudonyms.pseudonyms p SET expiry_day = greatest(p.expiry_day, t.expiry_day)
         FROM unnest($1::text[], $2::int[]) AS t(uri, expiry_day) WHERE p.uri = t.uri`,
        [batch.map(({ uri }) => uri), batch.map(({ selector }) => selector.expiryDay)],
      );
      return batch.map(() => 'written');
    });
  }

  private insertClients(batch: readonly NewClient[]): Promise<Written[]> {
    return this.transaction(async (client) => {
      const ready = new Set(await this.writeClients(client, batch));
      return batch.map((one) => (ready.has(one) ? 'written' : 'conflict'));
    });
  }

  /** Those that are in, now or before, with this pseudonym and key. */
  private async writeClients<T extends NewClient>(client: pg.PoolClient, batch: readonly T[]): Promise<T[]> {
    const values = [
      batch.map(({ clientUri }) => clientUri),
      batch.map(({ uri }) => uri),
      batch.map(({ spki }) => Buffer.from(spki)),
    ];
    await client.query({
      name: 'insert clients',
      text: `INSERT INTO pseudonyms.clients (client_uri, uri, spki)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT DO NOTHING`,
      values,
    });
    const { rows } = await client.query<{ place: string }>({
      name: 'own clients',
      text: `SELECT t.place FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS t(client_uri, uri, spki, place)
        JOIN pseudonyms.clients c ON c.client_uri = t.client_uri AND c.uri = t.uri AND c.spki = t.spki`,
      values,
    });
    return rows.map(({ place }) => batch[Number(place) - 1]!);
  }

  private async transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      client.release(true); // closing it rolls back, also when it no longer answers
      throw error;
    }
  }
}

interface OwnedSelector {
  readonly uri: string;
  readonly selector: Selector;
}

/** All ciphertexts have one length, and are cut out of one value in the database. */
async function insertSelectors(client: pg.PoolClient, batch: readonly OwnedSelector[]): Promise<void> {
  if (batch.length === 0) return;
  const column = <T>(of: (selector: Selector) => T): T[] => batch.map(({ selector }) => of(selector));
  await client.query({
    name: 'insert selectors',
    text: `INSERT INTO pseudonyms.selectors (selector_id, uri, key_epoch, cohort, period, expiry_day, signature, bytes)
      SELECT id, uri, key_epoch, cohort, period, expiry_day, signature, substring($8::bytea FROM ((place - 1) * $9::int + 1)::int FOR $9::int)
      FROM unnest($1::bytea[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bytea[]) WITH ORDINALITY
        AS t(id, uri, key_epoch, cohort, period, expiry_day, signature, place)
      ON CONFLICT DO NOTHING`,
    values: [
      column(({ selectorId }) => Buffer.from(selectorId)),
      batch.map(({ uri }) => uri),
      column(({ keyEpoch }) => keyEpoch),
      column(({ cohort }) => cohort),
      column(({ period }) => period),
      column(({ expiryDay }) => expiryDay),
      column(({ signature }) => Buffer.from(signature)),
      Buffer.concat(column(({ bytes }) => bytes)),
      batch[0]!.selector.bytes.length,
    ],
  });
}
