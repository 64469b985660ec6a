/** Pseudonyms, their clients and selectors, read one at a time. Written by `PseudonymsWriter`. */
import { Injectable } from '@nestjs/common';
import type { SelectorId } from '#contracts';
import { PrismaClient } from '#db/nyms';
import type { Selector } from '#pseudonyms';

export interface StoredPseudonym {
  readonly uri: string;
  readonly subject: Uint8Array;
  readonly salt: Uint8Array;
  readonly spki: Uint8Array;
  readonly expiryDay: number;
  readonly revoked: boolean;
  /** out of use for a term */
  readonly disabled: boolean;
}

type LookedUp = { readonly [K in keyof StoredPseudonym]: StoredPseudonym[K] | null } & {
  readonly clientOf: string | null;
  readonly clientKey: Uint8Array | null;
};

@Injectable()
export class PseudonymsRepository {
  constructor(private readonly database: PrismaClient) {}

  find(uri: string): Promise<StoredPseudonym | null> {
    return this.database.pseudonym.findUnique({ where: { uri } });
  }

  /** In one look, so that what is written meanwhile is seen whole or not at all: who has this URI, and who this client address. */
  async lookUp(uri: string, clientUri: string): Promise<{ known?: StoredPseudonym; client?: { uri: string; spki: Uint8Array } }> {
    const [row] = await this.database.$queryRaw<LookedUp[]>`
      SELECT p.uri, p.subject, p.salt, p.spki, p.expiry_day AS "expiryDay", p.revoked, p.disabled, c.uri AS "clientOf", c.spki AS "clientKey"
      FROM (SELECT) AS one LEFT JOIN pseudonyms.pseudonyms p ON p.uri = ${uri} LEFT JOIN pseudonyms.clients c ON c.client_uri = ${clientUri}`;
    const { clientOf, clientKey, ...known } = row!;
    return {
      ...(known.uri !== null && { known: known as StoredPseudonym }),
      ...(clientOf !== null && clientKey !== null && { client: { uri: clientOf, spki: clientKey } }),
    };
  }

  /** Whoever has this client address. */
  findClient(clientUri: string): Promise<{ uri: string; spki: Uint8Array } | null> {
    return this.database.pseudonymClient.findUnique({ where: { clientUri } });
  }

  /** Key of a client of this pseudonym, DER. */
  async clientKey(uri: string, clientUri: string): Promise<Uint8Array | undefined> {
    const client = await this.findClient(clientUri);
    return client?.uri === uri ? client.spki : undefined;
  }

  countClients(uri: string): Promise<number> {
    return this.database.pseudonymClient.count({ where: { uri } });
  }

  /** Selector of the latest period, without its ciphertext. */
  newestPeriod(uri: string): Promise<{ period: number; expiryDay: number } | null> {
    const select = { period: true, expiryDay: true };
    return this.database.selector.findFirst({ where: { uri }, orderBy: { period: 'desc' }, select });
  }

  /** The selector of the latest period and what opens its subject. */
  async newestSelector(uri: string): Promise<{ selector: Selector; salt: Uint8Array; spki: Uint8Array } | undefined> {
    const row = await this.database.selector.findFirst({
      where: { uri },
      orderBy: { period: 'desc' },
      include: { pseudonym: true },
    });
    if (!row) return undefined;
    const { pseudonym, ...selector } = row;
    const { subject, salt, spki } = pseudonym;
    return { selector: { ...selector, selectorId: selector.selectorId as Uint8Array as SelectorId, subject }, salt, spki };
  }
}
