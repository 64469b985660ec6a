/**
 * Selectors as correlator and witness may read them: through a granted view, in batches, with `pg` itself because they are many and
 * large. (Text results: pg 8 decodes binary ones as UTF-8.) Knows pseudonyms and ciphertexts.
 */
import type { Pool } from 'pg';
import type { SelectorId } from '#contracts';
import type { SelectorHead } from './selector-choice.js';
import type { StoredSelector } from './verified-selectors.js';

export class SelectorsRepository {
  constructor(private readonly pool: Pool) {}

  /** Heads of every selector of these pseudonyms whose period has begun by `period`. */
  async heads(uris: readonly string[], period: number): Promise<SelectorHead[]> {
    const { rows } = await this.pool.query<SelectorHead>({
      name: 'selector-heads',
      text: `SELECT uri, selector_id AS "selectorId", key_epoch AS "keyEpoch", cohort, period, expiry_day AS "expiryDay"
             FROM pseudonyms.stored_selectors WHERE uri = ANY($1) AND period <= $2`,
      values: [uris, period],
    });
    return rows;
  }

  /** Whole selectors with the opening of their subjects, in no order. Ids that are gone are left out. */
  async read(ids: readonly Uint8Array[]): Promise<StoredSelector[]> {
    const { rows } = await this.pool.query<StoredSelector & { selectorId: SelectorId }>({
      name: 'selectors',
      text: `SELECT uri, salt, spki, subject, selector_id AS "selectorId", key_epoch AS "keyEpoch", cohort, period,
                    expiry_day AS "expiryDay", bytes, signature
             FROM pseudonyms.stored_selectors WHERE selector_id = ANY($1)`,
      values: [ids],
    });
    return rows;
  }
}
