/** Selectors in bulk, by plain `pg`: ids first, then ciphertexts batch by batch, so that memory holds one batch of them. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { SelectorId } from '#contracts';
import { shuffled } from '#platform';
import type { Clock } from '#platform';
import { toFrames } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import type { SelectorBatch, SelectorRows } from './selector-source.js';

interface Row {
  readonly selector_id: Buffer;
  readonly key_epoch: number;
  readonly cohort: number;
  readonly period: number;
  readonly expiry_day: number;
  readonly subject: Buffer;
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

export class SelectorsReader implements SelectorRows {
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
  ) {}

  async livingIds(): Promise<Uint8Array> {
    const { rows } = await this.pool.query<{ ids: Buffer | null }>(
      `SELECT string_agg(selector_id, ''::bytea ORDER BY sha256($1::bytea || selector_id)) AS ids FROM (
         SELECT DISTINCT ON (s.uri) s.selector_id FROM pseudonyms.selectors s JOIN pseudonyms.pseudonyms p USING (uri)
         WHERE NOT p.revoked AND p.expiry_day > $2 ORDER BY s.uri, s.period DESC) AS newest`,
      [randomBytes(32), this.clock.today()],
    );
    return rows[0]?.ids ?? new Uint8Array();
  }

  async framesOf(ids: readonly Uint8Array[]): Promise<SelectorBatch> {
    const { rows } = await this.pool.query<Row>(
      `SELECT s.selector_id, s.key_epoch, s.cohort, s.period, s.expiry_day, p.subject, s.bytes, s.signature
       FROM pseudonyms.selectors s JOIN pseudonyms.pseudonyms p USING (uri) WHERE s.selector_id = ANY($1::bytea[])`,
      [ids.map((id) => Buffer.from(id))],
    );
    return { frames: toFrames(shuffled(rows).map(toSelector)), selectors: rows.length }; // rows come as they lie
  }
}

const toSelector = (row: Row): Selector => ({
  selectorId: row.selector_id as Uint8Array as SelectorId,
  keyEpoch: row.key_epoch,
  cohort: row.cohort,
  period: row.period,
  expiryDay: row.expiry_day,
  subject: row.subject,
  bytes: row.bytes,
  signature: row.signature,
});
