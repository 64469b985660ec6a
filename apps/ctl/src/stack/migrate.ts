/**
 * Applies prisma/<database>/migrations in order and keeps the books of `prisma migrate deploy` (same table, checksum and lock), so
 * that an operator may use either. Each migration is one transaction.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { StackError } from './stack-error.js';

export const databases = ['registrar', 'nyms', 'keyholder'] as const;
export type DatabaseName = (typeof databases)[number];

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Migrations of a database, oldest first. `root` is the folder of package.json. */
export function migrationsOf(database: DatabaseName, root: string): readonly Migration[] {
  const folder = path.join(root, 'prisma', database, 'migrations');
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, file: path.join(folder, name, 'migration.sql') }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => {
      const sql = readFileSync(file, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Superuser URL in, names of the newly applied migrations out. Throws StackError when the books and the files differ. */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(72707369)'); // the lock Prisma Migrate takes
    await client.query(booksTable);
    const { rows } = await client.query<Row>(
      'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
    );
    const applied = new Map(rows.map((row) => [row.migration_name, row]));
    const open = migrations.filter((migration) => !isApplied(migration, applied.get(migration.name)));
    for (const migration of open) await apply(client, migration);
    return open.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

interface Row {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

const booksTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

function isApplied({ name, checksum }: Migration, row: Row | undefined): boolean {
  if (row === undefined) return false;
  if (row.finished_at === null)
    throw new StackError(`migration ${name} failed earlier`, 'mend it with `prisma migrate resolve`, then start again');
  if (row.checksum !== checksum) {
    throw new StackError(
      `migration ${name} was changed after it was applied`,
      'restore the file; a development data folder may be removed instead',
    );
  }
  return true;
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new StackError(
      `migration ${name} failed (${(error as Error).message})`,
      'nothing was changed; mend the migration or the database',
    );
  }
}
