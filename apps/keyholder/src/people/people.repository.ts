/** Versions of the registry of people. They are added and never changed: the role may insert and read. */
import type { Transaction } from '../database/writer.js';

export interface PeopleVersion {
  readonly version: number;
  /** SHA-256 as base64url */
  readonly digest: string;
  /** JSON */
  readonly document: string;
}

export async function newestPeople(transaction: Transaction): Promise<PeopleVersion | undefined> {
  const { rows } = await transaction.query<PeopleVersion>(
    'SELECT version, digest, document FROM keyholder.people ORDER BY version DESC LIMIT 1',
  );
  return rows[0];
}

/** JSON of all versions, the first one first. */
export async function allPeople(transaction: Transaction): Promise<string[]> {
  const { rows } = await transaction.query<{ document: string }>('SELECT document FROM keyholder.people ORDER BY version');
  return rows.map(({ document }) => document);
}

/** @throws Error when the version is there already */
export async function addPeople(transaction: Transaction, { version, digest, document }: PeopleVersion): Promise<void> {
  await transaction.query('INSERT INTO keyholder.people (version, digest, document) VALUES ($1, $2, $3)', [
    version,
    digest,
    document,
  ]);
}
