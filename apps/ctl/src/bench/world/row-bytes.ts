/** What one pseudonym takes: the selector's own bytes, and everything on the disk with TOAST and indexes. */
import type { BenchStack } from '../bench-stack.js';

/** Key epoch, cohort, period and expiry day, four bytes each. */
const numbersBytes = 16;

export async function selectorBytes(bench: BenchStack): Promise<number> {
  const { rows } = await bench.pool('nyms').query<{ bytes: number }>(
    `SELECT max(octet_length(bytes) + octet_length(signature) + octet_length(selector_id) + ${numbersBytes}) AS bytes
     FROM (SELECT * FROM pseudonyms.selectors LIMIT 1000) AS s`,
  );
  return rows[0]?.bytes ?? 0;
}

export async function rowBytes(bench: BenchStack): Promise<number> {
  const { rows } = await bench.pool('nyms').query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(name::regclass)) / (SELECT count(*) FROM pseudonyms.pseudonyms) AS bytes
     FROM unnest(ARRAY['pseudonyms.pseudonyms', 'pseudonyms.clients', 'pseudonyms.selectors']) AS t(name)`,
  );
  return Number(rows[0]?.bytes);
}
