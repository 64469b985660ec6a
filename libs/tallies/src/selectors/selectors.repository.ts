/**
 * Selectors as correlator and witness may read them: through a granted view, in batches. Whole ones come by binary COPY, because `pg`
 * takes bytes as hexadecimal text only, which costs more than the rest of reading them. Knows pseudonyms and ciphertexts.
 */
import type { Pool } from 'pg';
import type { SelectorId } from '#contracts';
import { copyOut, Landing } from './copy-out.js';
import { copyRows } from './copy-rows.js';
import type { SelectorHead } from './selector-choice.js';
import type { StoredSelector } from './verified-selectors.js';

type Row = [uri: Buffer, salt: Buffer, spki: Buffer, subject: Buffer, id: Buffer, ...numbers: Buffer[]];

export class SelectorsRepository {
  constructor(private readonly pool: Pool) {}

  /** Heads of every selector of these pseudonyms whose period has begun by `period`. */
  async heads(uris: readonly string[], period: number): Promise<SelectorHead[]> {
    const { rows } = await this.pool.query<SelectorHead>({
      name: 'selector-heads',
      text: `SELECT uri, encode(selector_id, 'hex') AS "selectorId", key_epoch AS "keyEpoch", cohort, period, expiry_day AS "expiryDay"
             FROM pseudonyms.stored_selectors WHERE uri = ANY($1) AND period <= $2`,
      values: [uris, period],
    });
    return rows;
  }

  /**
   * Whole selectors with the opening of their subjects, in no order. Ids that are gone are left out.
   * @param ids as heads have them. @param landing where they lie: they are good until it is used again. Memory of their own without it.
   */
  async read(ids: readonly string[], landing = new Landing()): Promise<StoredSelector[]> {
    const client = await this.pool.connect();
    try {
      return Array.from(copyRows(await copyOut(client, copyOf(ids), landing)), selectorOf);
    } finally {
      client.release();
    }
  }
}

/** COPY takes no parameters, so the ids stand in its text: as digits that the database itself has made. */
function copyOf(ids: readonly string[]): string {
  const list = ids.map((id) => `"\\\\x${id}"`).join();
  return `COPY (SELECT uri, salt, spki, subject, selector_id, key_epoch, cohort, period, expiry_day, bytes, signature
                FROM pseudonyms.stored_selectors WHERE selector_id = ANY('{${list}}'::bytea[])) TO STDOUT (FORMAT binary)`;
}

function selectorOf(row: Array<Buffer | null>): StoredSelector {
  const [uri, salt, spki, subject, selectorId, keyEpoch, cohort, period, expiryDay, bytes, signature] = row as Row;
  const int = (field: Buffer | undefined) => (field as Buffer).readInt32BE();
  return {
    uri: uri.toString(),
    salt,
    spki,
    subject,
    selectorId: selectorId as Uint8Array as SelectorId,
    keyEpoch: int(keyEpoch),
    cohort: int(cohort),
    period: int(period),
    expiryDay: int(expiryDay),
    bytes: bytes as Buffer,
    signature: signature as Buffer,
  };
}
