/** Selectors into PostgreSQL, many at once: as columns, because a ciphertext as a parameter of its own costs more than its row. */
import type { Prisma } from '#db/nyms';
import type { Selector } from '#pseudonyms';

/** What is there already stays: a (pseudonym, period) has one selector. */
export async function insertSelectors(
  transaction: Prisma.TransactionClient,
  selectors: readonly (Selector & { readonly uri: string })[],
): Promise<void> {
  if (selectors.length === 0) return;
  const base64 = (of: (selector: Selector) => Uint8Array) => selectors.map((one) => Buffer.from(of(one)).toString('base64'));
  const column = <T>(of: (selector: Selector & { readonly uri: string }) => T): T[] => selectors.map(of);
  await transaction.$executeRawUnsafe(
    `INSERT INTO pseudonyms.selectors (selector_id, uri, key_epoch, cohort, period, expiry_day, bytes, signature)
     SELECT decode(id, 'base64'), uri, key_epoch, cohort, period, expiry_day, decode(bytes, 'base64'), decode(signature, 'base64')
     FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[])
       AS t(id, uri, key_epoch, cohort, period, expiry_day, bytes, signature)
     ON CONFLICT DO NOTHING`,
    base64(({ selectorId }) => selectorId),
    column(({ uri }) => uri),
    column(({ keyEpoch }) => keyEpoch),
    column(({ cohort }) => cohort),
    column(({ period }) => period),
    column(({ expiryDay }) => expiryDay),
    base64(({ bytes }) => bytes),
    base64(({ signature }) => signature),
  );
}
