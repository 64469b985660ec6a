/**
 * The key holder's schema, table by table, as PostgreSQL's COPY writes it: all in one transaction that sees one moment, while the key holder
 * goes on, and back into an empty one, all or nothing. One role suffices for both, the key holder's own.
 */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { StackError } from '../stack/stack-error.js';
import { Hashing, requireSame, writeHashed } from './hashed-files.js';
import { names, type DumpedTable } from './manifest.js';

type Tables = ReadonlyMap<string, readonly string[]>;
const copyName = (table: string): string => `${names.database}/${table}.copy`;
const target = (table: string, columns: readonly string[]): string =>
  `keyholder.${pg.escapeIdentifier(table)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;

export interface Dump {
  readonly keyHolderId: string;
  readonly tables: readonly DumpedTable[];
}

/** @throws StackError when it is no database of a key holder */
export function dumpDatabase(url: string, folder: string): Promise<Dump> {
  return onDatabase(url, async (client) => {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const known = await tablesOf(client);
    const keyHolderId = known.has('state') ? await ownerOf(client) : undefined;
    if (keyHolderId === undefined)
      throw new StackError('the database holds no key holder that was ever started', 'check CTL_KEYHOLDER_DATABASE_URL');
    const tables: DumpedTable[] = [];
    for (const [table, columns] of known) {
      const rows = client.query(copyTo(`COPY ${target(table, columns)} TO STDOUT`));
      tables.push({ table, columns: [...columns], ...(await writeHashed(path.join(folder, copyName(table)), rows)) });
    }
    await client.query('COMMIT');
    return { keyHolderId, tables };
  });
}

/** Files of the dump, to be checked before anything is changed. */
export const dumpFiles = (tables: readonly DumpedTable[]) =>
  tables.map(({ table, ...digests }) => ({ ...digests, name: copyName(table) }));

/**
 * Fills an empty schema, and forgets which generation it was of: the next start begins afresh.
 * @param before runs when everything is loaded and nothing is committed. @throws StackError, and nothing has changed
 */
export function loadDatabase(
  url: string,
  folder: string,
  tables: readonly DumpedTable[],
  before: () => Promise<void>,
): Promise<void> {
  return onDatabase(url, async (client) => {
    await client.query('BEGIN');
    await requireFitting(await tablesOf(client), tables);
    for (const { table } of tables) {
      const { rows } = await client.query(`SELECT 1 FROM keyholder.${pg.escapeIdentifier(table)} LIMIT 1`);
      if (rows.length > 0)
        throw new StackError(
          'the database is not empty',
          'restore into a new one, or empty this one yourself: nothing here overwrites',
        );
    }
    for (const { table, columns, ...expected } of tables) {
      const hashing = new Hashing();
      const file = createReadStream(path.join(folder, copyName(table)));
      await pipeline(file, hashing, client.query(copyFrom(`COPY ${target(table, columns)} FROM STDIN`)));
      requireSame(copyName(table), hashing.digest(), expected);
    }
    await client.query('UPDATE keyholder.state SET generation_id = NULL');
    await before();
    await client.query('COMMIT');
  });
}

async function requireFitting(known: Tables, tables: readonly DumpedTable[]): Promise<void> {
  const shape = (all: Iterable<readonly [string, readonly string[]]>) => JSON.stringify([...all].sort());
  if (shape(known) !== shape(tables.map(({ table, columns }) => [table, columns] as const)))
    throw new StackError(
      'the database has other tables or columns than the backup',
      'migrate an empty database with the version that made the backup',
    );
}

/** Table → columns in order, tables by name. */
async function tablesOf(client: pg.Client): Promise<Tables> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT c.relname::text AS table, array_agg(a.attname::text ORDER BY a.attname) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = 'keyholder' AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname`,
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

async function ownerOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('SELECT key_holder_id AS id FROM keyholder.state');
  return rows[0]?.id;
}

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // whoever waits is told
  try {
    await client.connect();
  } catch (error) {
    throw new StackError(`the database does not answer (${(error as Error).message})`, 'check CTL_KEYHOLDER_DATABASE_URL');
  }
  try {
    return await work(client);
  } finally {
    await client.end(); // what was not committed is rolled back
  }
}
