/** The launcher's migrations keep the books of Prisma, so that an operator may use either. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { databases, migrate, migrationsOf } from '../../apps/ctl/src/stack/migrate.js';
import { root } from '../../apps/ctl/src/stack/root.js';
import { createDatabase } from '../servers/database.js';
import type { TestDatabase } from '../servers/database.js';

jest.setTimeout(60_000);

describe('migrations', () => {
  const migrations = migrationsOf('registrar', root);
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase('registrar');
  });
  afterAll(() => database.drop());

  it.each(databases)('of %s exist, in the order of their names', (name) => {
    const names = migrationsOf(name, root).map((migration) => migration.name);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual([...names].sort());
  });

  it('apply once, however often and by however many at a time', async () => {
    expect(await Promise.all([1, 2, 3].map(() => migrate(database.superUrl, migrations)))).toEqual([[], [], []]);
  });

  it('leave nothing for Prisma to deploy', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(root, 'node_modules/prisma/build/index.js'), 'migrate', 'deploy'],
      { cwd: root, env: { ...process.env, NYMTALLY_DB: 'registrar', DATABASE_URL: database.superUrl, CHECKPOINT_DISABLE: '1' } },
    );
    expect(stdout).toContain('No pending migrations to apply');
  });

  it('refuse a file that was changed after it was applied', async () => {
    const changed = migrations.map((migration) => ({ ...migration, checksum: '0'.repeat(64) }));
    await expect(migrate(database.superUrl, changed)).rejects.toThrow(
      /0001_first was changed after it was applied: restore the file/,
    );
  });

  it('that fail leave nothing behind and say which', async () => {
    const broken = { name: '9999_broken', sql: 'CREATE TABLE half (id INT); SELECT * FROM nowhere;', checksum: 'x' };
    await expect(migrate(database.superUrl, [...migrations, broken])).rejects.toThrow(/9999_broken failed \(relation "nowhere"/);
    const client = new pg.Client({ connectionString: database.superUrl });
    await client.connect();
    const { rows } = await client.query("SELECT to_regclass('half') AS half");
    await client.end();
    expect(rows).toEqual([{ half: null }]);
  });
});
