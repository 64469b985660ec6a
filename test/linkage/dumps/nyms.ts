/** The pseudonym side as a reader sees it: pseudonyms with their clients, selectors and places in the status lists. No account. */
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
export interface StatusIndexSeen extends Seen {
  readonly uri: string;
  readonly list: number;
  readonly idx: number;
}

/** One pseudonym, joined by its address as the tables are. */
export interface NymSeen {
  readonly uri: string;
  readonly pseudonym: PseudonymSeen;
  readonly client: ClientSeen;
  /** the selector of the mint, then renewed ones, by period */
  readonly selectors: readonly SelectorSeen[];
  /** gone where its end was published before the first dump */
  readonly index: StatusIndexSeen | undefined;
}

/** @param uris those to look at; absent where they have expired and gone */
async function seenNyms(superUrl: string, uris: readonly string[]): Promise<NymSeen[]> {
  const only = { column: 'uri', values: uris };
  const pseudonyms = byUri(await seenRows<Omit<PseudonymSeen, keyof Seen>>(superUrl, 'pseudonyms.pseudonyms', only));
  const clients = byUri(await seenRows<Omit<ClientSeen, keyof Seen>>(superUrl, 'pseudonyms.clients', only));
  const selectors = byUri(await seenRows<Omit<SelectorSeen, keyof Seen>>(superUrl, 'pseudonyms.selectors', only));
  const indices = byUri(await seenRows<Omit<StatusIndexSeen, keyof Seen>>(superUrl, 'status_lists.indices', only));
  return uris.flatMap((uri) => {
    const [pseudonym, client] = [pseudonyms.get(uri)?.[0], clients.get(uri)?.[0]];
    const own = (selectors.get(uri) ?? []).sort((a, b) => a.period - b.period);
    return pseudonym && client && own.length > 0
      ? [{ uri, pseudonym, client, selectors: own, index: indices.get(uri)?.[0] }]
      : [];
  });
}

/** Dumps of several moments together: rows as they were first seen, and selectors that came later. */
export class NymDumps {
  private readonly seen = new Map<string, NymSeen>();

  async add(superUrl: string, uris: readonly string[]): Promise<void> {
    for (const nym of await seenNyms(superUrl, uris)) {
      const before = this.seen.get(nym.uri);
      const known = new Set(before?.selectors.map(({ period }) => period));
      const selectors = [...(before?.selectors ?? []), ...nym.selectors.filter(({ period }) => !known.has(period))];
      this.seen.set(nym.uri, { ...(before ?? nym), selectors });
    }
  }

  of(uri: string): NymSeen {
    const nym = this.seen.get(uri);
    if (!nym) throw new Error('a minted pseudonym was never in the database of nyms');
    return nym;
  }
}

function byUri<Row extends { readonly uri: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ uri }) => uri);
}
