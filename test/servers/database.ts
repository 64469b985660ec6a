/**
 * A database of its own for a test, migrated, with the roles of production. The migrations run once per server into a template;
 * each test then gets a copy of it, which takes a tenth of a second.
 */
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { migrate, migrationsOf } from '../../apps/ctl/src/stack/migrate.js';
import type { DatabaseName } from '../../apps/ctl/src/stack/migrate.js';
import { ensureRoles, restrictConnections, rolesOf } from '../../apps/ctl/src/stack/roles.js';

export interface TestDatabase {
  readonly superUrl: string;
  /** Connection URL of an app's role: `nyms`, `correlator`, `witness`, `queue`, `registrar` or `keyholder`. */
  urlFor(role: string): string;
  drop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** Needs the servers of test/servers/setup.mjs. Call `drop()` in afterAll; it closes what is still connected. */
export async function createDatabase(name: DatabaseName): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) throw new Error('TEST_POSTGRES_URL is not set: the Jest project needs test/servers/setup.mjs as globalSetup');
  const database = `test_${name}_${randomBytes(8).toString('hex')}`;
  const passwords = passwordsFor(server, name);
  await onServer(server, async (client) => {
    const template = await templateOf(client, server, name);
    await ensureRoles(client, passwords);
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${template}`);
    await restrictConnections(client, database, rolesOf[name]);
  });
  return {
    superUrl: at(server, database),
    urlFor: (role) => at(server, database, role, passwords[role]),
    drop: () => onServer(server, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))),
  };
}

/** Named after its migrations, so that a changed one makes a new template. */
async function templateOf(client: pg.Client, server: string, name: DatabaseName): Promise<string> {
  const migrations = migrationsOf(name, root);
  const digest = createHash('sha256').update(migrations.map(({ checksum }) => checksum).join());
  const template = `template_${name}_${digest.digest('hex').slice(0, 12)}`;
  const exists = async () => (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])).rowCount === 1;
  if (await exists()) return template;
  const draft = `draft_${name}_${randomBytes(8).toString('hex')}`;
  await client.query(`CREATE DATABASE ${draft}`);
  await migrate(at(server, draft), migrations);
  if (!(await exists())) await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
  else await client.query(`DROP DATABASE ${draft}`);
  return template;
}

/** One client at a time, over all Jest workers: template copies and role changes do not get along with others of their kind. */
async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: at(server, 'postgres') });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(4711001)');
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Roles belong to the whole server, so every worker must come to the same password. */
const passwordsFor = (server: string, name: DatabaseName): Record<string, string> =>
  Object.fromEntries(rolesOf[name].map((role) => [role, createHash('sha256').update(`${server} ${role}`).digest('hex')]));

function at(server: string, database: string, user?: string, password?: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  if (password !== undefined) url.password = password;
  return url.href;
}
