/** The pseudonym side as a reader sees it: pseudonyms with their clients and selectors. No account. */
import { seenRows } from './rows.js';
import type { Seen } from './rows.js';

export interface PseudonymSeen extends Seen {
  readonly uri: string;
  readonly subject: Buffer;
  readonly salt: Buffer;
  readonly spki: Buffer;
  readonly expiry_day: number;
}
export interface ClientSeen extends Seen {
  readonly client_uri: string;
  readonly uri: string;
}
export interface SelectorSeen extends Seen {
  readonly selector_id: Buffer;
  readonly uri: string;
  readonly key_epoch: number;
  readonly cohort: number;
  readonly period: number;
  readonly expiry_day: number;
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

/** One pseudonym, joined by its address as the tables are. */
export interface NymSeen {
  readonly uri: string;
  readonly pseudonym: PseudonymSeen;
  readonly client: ClientSeen;
  /** the selector of the mint, then renewed ones, by period */
  readonly selectors: readonly SelectorSeen[];
}

/** @param uris those to look at, in this order */
export async function seenNyms(superUrl: string, uris: readonly string[]): Promise<NymSeen[]> {
  const only = { column: 'uri', values: uris };
  const pseudonyms = byUri(await seenRows<Omit<PseudonymSeen, keyof Seen>>(superUrl, 'pseudonyms.pseudonyms', only));
  const clients = byUri(await seenRows<Omit<ClientSeen, keyof Seen>>(superUrl, 'pseudonyms.clients', only));
  const selectors = byUri(await seenRows<Omit<SelectorSeen, keyof Seen>>(superUrl, 'pseudonyms.selectors', only));
  return uris.map((uri) => {
    const [pseudonym, client] = [pseudonyms.get(uri)?.[0], clients.get(uri)?.[0]];
    const own = (selectors.get(uri) ?? []).sort((a, b) => a.period - b.period);
    if (!pseudonym || !client || own.length === 0) throw new Error('a minted pseudonym is not in the database of nyms');
    return { uri, pseudonym, client, selectors: own };
  });
}

function byUri<Row extends { readonly uri: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ uri }) => uri);
}
