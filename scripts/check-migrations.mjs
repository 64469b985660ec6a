// The SQL migrations make exactly what the Prisma schemas say: all of them are applied to a throw-away cluster, then compared.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { databases } from './generate.mjs';
import { root } from './root.mjs';
import { collect } from './run.mjs';

const { startPostgres } = await import('../dist/apps/ctl/src/stack/embedded-postgres.js');
const { migrate, migrationsOf } = await import('../dist/apps/ctl/src/stack/migrate.js');
const { default: pg } = await import('pg');

const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-migrations-'));
const postgres = await startPostgres({
  folder: path.join(folder, 'data'),
  password: randomBytes(16).toString('hex'),
  logFile: path.join(folder, 'log'),
  ephemeral: true,
});
try {
  for (const database of databases) await check(database);
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function check(database) {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  await client.query(`CREATE DATABASE ${database}`);
  await client.end();
  const url = postgres.url(database);
  await migrate(url, migrationsOf(database, root));
  const schema = path.join('prisma', database, 'schema');
  const args = ['migrate', 'diff', '--from-config-datasource', '--to-schema', schema, '--exit-code', '--script'];
  const { code, output } = await collect(process.execPath, ['node_modules/prisma/build/index.js', ...args], {
    NYMTALLY_DB: database,
    DATABASE_URL: url,
  });
  if (code === 0) return process.stdout.write(`${database}: migrations and schema agree\n`);
  process.stdout.write(
    `${database}: this is missing from the migrations in prisma/${database}/migrations (or too much in ${schema}):\n${output}\n`,
  );
  process.exitCode = 1;
}
