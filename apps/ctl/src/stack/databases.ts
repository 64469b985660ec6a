/**
 * The three databases: each in an embedded cluster of its own, because databases of one cluster share a transaction counter that
 * ties a ticket to its redemption (protocol.md §7); or on servers of the operator's own. Migrated, with a password for each role.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from './embedded-postgres.js';
import type { Postgres } from './embedded-postgres.js';
import type { StackKeys } from './keys.js';
import { databases, migrate, migrationsOf } from './migrate.js';
import type { DatabaseName } from './migrate.js';
import { ensureRoles, restrictConnections, rolesOf } from './roles.js';
import { StackError } from './stack-error.js';

export interface DatabaseOptions {
  /** Folder of package.json */
  readonly root: string;
  readonly folder: string;
  readonly logs: string;
  readonly keys: StackKeys;
  readonly ephemeral: boolean;
  /** `shared`: one cluster for all three. Only to show what that leaks. */
  readonly clusters: 'separate' | 'shared';
  /** Superuser URLs of servers that run already, instead of embedded ones. */
  readonly external?: Readonly<Record<DatabaseName, string>> | undefined;
}

export interface Databases {
  /** For tests and migrations: may do everything. */
  readonly superUrls: Readonly<Record<DatabaseName, string>>;
  /** As an app connects: `registrar`, `nyms`, `correlator`, `witness`, `queue` or `keyholder`. */
  urlFor(role: string): string;
  /** kill −9 of the cluster a database is in, then `meanwhile`, then a new start on the same port. Embedded ones only. */
  crash(database: DatabaseName, meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startDatabases(options: DatabaseOptions): Promise<Databases> {
  const clusters = options.external ? undefined : await startClusters(options);
  const superUrls = options.external ?? Object.fromEntries(databases.map((name) => [name, clusters?.url(name) ?? '']));
  try {
    const prepareOne = (name: DatabaseName) => prepare(name, superUrls[name] ?? '', options);
    // roles belong to a whole server, so on one server they are made one after the other
    if (clusters && options.clusters === 'separate') await Promise.all(databases.map(prepareOne));
    else for (const name of databases) await prepareOne(name);
  } catch (error) {
    await clusters?.stop();
    throw error;
  }
  return {
    superUrls: superUrls as Readonly<Record<DatabaseName, string>>,
    urlFor(role) {
      const database = databases.find((name) => rolesOf[name].includes(role));
      if (database === undefined) throw new RangeError(`there is no role ${role}`);
      const url = new URL(superUrls[database] ?? '');
      url.username = role;
      url.password = options.keys.password(role);
      return url.href;
    },
    async crash(database, meanwhile) {
      if (!clusters) throw new Error('only embedded databases can be crashed');
      await clusters.crash(database, meanwhile);
    },
    async stop() {
      await clusters?.stop();
    },
  };
}

interface Clusters {
  url(database: DatabaseName): string;
  crash(database: DatabaseName, meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

async function startClusters({ folder, logs, keys, ephemeral, clusters }: DatabaseOptions): Promise<Clusters> {
  const clusterOf = (database: DatabaseName): string => (clusters === 'shared' ? 'all' : database);
  const names = [...new Set(databases.map(clusterOf))];
  mkdirSync(folder, { recursive: true });
  const start = (name: string, port?: number) =>
    startPostgres({
      folder: path.join(folder, name),
      password: keys.password(`superuser-${name}`),
      logFile: path.join(logs, `postgres-${name}.log`),
      ephemeral,
      ...(port !== undefined && { port }),
    });
  const settled = await Promise.allSettled(names.map(async (name) => [name, await start(name)] as const));
  const running = new Map<string, Postgres>(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
  const stop = async () => void (await Promise.all([...running.values()].map((cluster) => cluster.stop())));
  const failure = settled.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const of = (database: DatabaseName): Postgres => running.get(clusterOf(database))!;
  return {
    url: (database) => of(database).url(database),
    stop,
    async crash(database, meanwhile) {
      const { port, kill } = of(database);
      await kill();
      await meanwhile?.();
      running.set(clusterOf(database), await start(clusterOf(database), port));
    },
  };
}

async function prepare(name: DatabaseName, superUrl: string, { root, keys }: DatabaseOptions): Promise<void> {
  const passwords = Object.fromEntries(rolesOf[name].map((role) => [role, keys.password(role)]));
  const server = new URL(superUrl);
  const database = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  try {
    await client.connect();
  } catch (error) {
    throw new StackError(
      `the database server at ${server.host} does not answer (${(error as Error).message})`,
      `check ${name.toUpperCase()}_DATABASE_URL`,
    );
  }
  try {
    await ensureRoles(client, passwords);
    const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (exists.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    await restrictConnections(client, database, rolesOf[name]);
  } finally {
    await client.end();
  }
  await migrate(superUrl, migrationsOf(name, root));
}
