/**
 * Pseudonyms, their clients and selectors in PostgreSQL. What comes together is written together, shuffled, in one transaction, so that
 * the order of rows is not the order of requests; no row holds a time finer than a period.
 */
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { sameBytes } from '#contracts';
import type { SelectorId } from '#contracts';
import { PrismaClient } from '#db/nyms';
import type { Prisma } from '#db/nyms';
import { WritePool } from '#platform';
import type { Selector } from '#pseudonyms';
import { insertSelectors } from './selector-rows.repository.js';

export interface NewPseudonym {
  readonly uri: string;
  readonly salt: Uint8Array;
  readonly clientUri: string;
  /** SubjectPublicKeyInfo, DER */
  readonly spki: Uint8Array;
  readonly selector: Selector;
}

export interface NewClient {
  readonly uri: string;
  readonly clientUri: string;
  readonly spki: Uint8Array;
}

export type Written = 'written' | 'conflict';

export interface StoredPseudonym {
  readonly uri: string;
  readonly subject: Uint8Array;
  readonly salt: Uint8Array;
  readonly spki: Uint8Array;
  readonly expiryDay: number;
  readonly revoked: boolean;
}

/** Answers of one pool of the key holder arrive together: long enough to mix them, short enough not to be felt. */
const POOL = { maxSize: 64, maxDelayMs: 25 } as const;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

@Injectable()
export class PseudonymsRepository implements BeforeApplicationShutdown {
  private readonly mints = new WritePool<NewPseudonym, Written>({ ...POOL, flush: (batch) => this.insert(batch) });
  private readonly renewals = new WritePool<NewPseudonym['selector'] & { uri: string }, 'written'>({
    ...POOL,
    flush: (batch) => this.insertRenewed(batch),
  });
  private readonly clients = new WritePool<NewClient, Written>({ ...POOL, flush: (batch) => this.insertClients(batch) });

  constructor(private readonly database: PrismaClient) {}

  find(uri: string): Promise<StoredPseudonym | null> {
    return this.database.pseudonym.findUnique({ where: { uri } });
  }

  /** Key of a client of this pseudonym, DER. */
  async clientKey(uri: string, clientUri: string): Promise<Uint8Array | undefined> {
    return (await this.database.pseudonymClient.findFirst({ where: { uri, clientUri } }))?.spki;
  }

  clientTaken(clientUri: string): Promise<NewClient | null> {
    return this.database.pseudonymClient.findUnique({ where: { clientUri } });
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

  /** Resolves once committed. `conflict`: the URI or the client's address belongs to another key. */
  add(pseudonym: NewPseudonym): Promise<Written> {
    return this.mints.add(pseudonym);
  }

  addSelector(uri: string, selector: Selector): Promise<'written'> {
    return this.renewals.add({ ...selector, uri });
  }

  addClient(client: NewClient): Promise<Written> {
    return this.clients.add(client);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.mints.drain(), this.renewals.drain(), this.clients.drain()]);
  }

  private insert(batch: readonly NewPseudonym[]): Promise<Written[]> {
    return this.database.$transaction(
      async (transaction) => {
        await transaction.pseudonym.createMany({ data: batch.map(pseudonymRow), skipDuplicates: true });
        const uris = batch.map(({ uri }) => uri);
        const stored = await transaction.pseudonym.findMany({
          where: { uri: { in: uris } },
          select: { uri: true, subject: true },
        });
        const subjects = new Map(stored.map(({ uri, subject }) => [uri, subject]));
        const own = batch.filter(({ uri, selector }) => isSame(subjects.get(uri), selector.subject));
        const inserted = await writeClients(transaction, own);
        const ready = own.filter(({ clientUri, uri }) => inserted.get(clientUri) === uri);
        await insertSelectors(
          transaction,
          ready.map(({ uri, selector }) => ({ ...selector, uri })),
        );
        const lost = own.filter((one) => !ready.includes(one)).map(({ uri }) => uri);
        if (lost.length > 0) await transaction.pseudonym.deleteMany({ where: { uri: { in: lost }, selectors: { none: {} } } });
        return batch.map((one) => (ready.includes(one) ? 'written' : 'conflict'));
      },
      { timeout: 15_000 },
    );
  }

  private async insertRenewed(batch: readonly (Selector & { uri: string })[]): Promise<'written'[]> {
    await this.database.$transaction(async (transaction) => {
      await insertSelectors(transaction, batch);
      await transaction.$executeRawUnsafe(
        `UPDATE pseudonyms.pseudonyms p SET expiry_day = greatest(p.expiry_day, t.expiry_day)
         FROM unnest($1::text[], $2::int[]) AS t(uri, expiry_day) WHERE p.uri = t.uri`,
        batch.map(({ uri }) => uri),
        batch.map(({ expiryDay }) => expiryDay),
      );
    });
    return batch.map(() => 'written');
  }

  private async insertClients(batch: readonly NewClient[]): Promise<Written[]> {
    return this.database.$transaction(async (transaction) => {
      await writeClients(transaction, batch);
      const rows = await transaction.pseudonymClient.findMany({
        where: { clientUri: { in: batch.map(({ clientUri }) => clientUri) } },
      });
      const keys = new Map(rows.map(({ clientUri, uri, spki }) => [clientUri, `${uri} ${hex(spki)}`]));
      return batch.map(({ clientUri, uri, spki }) => (keys.get(clientUri) === `${uri} ${hex(spki)}` ? 'written' : 'conflict'));
    });
  }
}

/** Client address → URI of the pseudonym that has it. */
async function writeClients(transaction: Prisma.TransactionClient, batch: readonly NewClient[]): Promise<Map<string, string>> {
  const data = batch.map(({ uri, clientUri, spki }) => ({ uri, clientUri, spki: Uint8Array.from(spki) }));
  await transaction.pseudonymClient.createMany({ data, skipDuplicates: true });
  const where = { clientUri: { in: batch.map(({ clientUri }) => clientUri) } };
  const rows = await transaction.pseudonymClient.findMany({ where, select: { clientUri: true, uri: true } });
  return new Map(rows.map(({ clientUri, uri }) => [clientUri, uri]));
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && sameBytes(a, b);

const pseudonymRow = ({ uri, salt, spki, selector }: NewPseudonym) => ({
  uri,
  subject: Uint8Array.from(selector.subject),
  salt: Uint8Array.from(salt),
  spki: Uint8Array.from(spki),
  expiryDay: selector.expiryDay,
});
