/**
 * Where BullMQ keeps its jobs: Redis when there is one, else its own PostgreSQL backend in schema `bullmq` under a role that sees
 * nothing else. BullMQ chooses its backend process-wide; the choice is made anew whenever a module starts, so that tests can run
 * one backend after the other.
 */
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  createRedisBackend,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
  setDefaultBackendFactory,
} from 'bullmq';
import type { ConnectionOptions, QueueOptions } from 'bullmq';
import pg from 'pg';

/** At least one of the two; Redis wins. */
export interface QueueStore {
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
}

export const queueSchema = 'bullmq';
/** In braces: all keys in one slot of a Redis Cluster. */
const REDIS_PREFIX = '{nymtally}';
/** Connections of each queue and each worker; BullMQ adds one that listens. A pool shared by all of them can starve. */
const POOL_SIZE = 2;

/** Makes the store ready and BullMQ use it; the options are for every Queue and Worker that follows. */
export async function prepareQueueStore(store: QueueStore): Promise<Pick<QueueOptions, 'connection' | 'prefix'>> {
  if (store.redisUrl) {
    setDefaultBackendFactory(createRedisBackend as never);
    return { connection: { url: store.redisUrl, maxRetriesPerRequest: null }, prefix: REDIS_PREFIX };
  }
  if (!store.databaseUrl) throw new Error('a queue needs the URL of a Redis or of a PostgreSQL database');
  await migrateQueueSchema(store.databaseUrl);
  setDefaultBackendFactory(createPostgresBackend as never);
  const connection = { connectionString: store.databaseUrl, max: POOL_SIZE, schema: queueSchema };
  return { connection: connection as unknown as ConnectionOptions };
}

/** Brings BullMQ's tables up to its version. Many processes may do so at once: an advisory lock of BullMQ lets one in. */
export async function migrateQueueSchema(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    if ((await versionOf(client)) < LATEST_SCHEMA_VERSION) await runMigrations(await withoutCreateSchema(client), queueSchema);
  } finally {
    await client.end();
  }
}

async function versionOf(client: pg.Client): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, queueSchema);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return -1;
    throw error;
  }
}

/**
 * PostgreSQL checks the right to create schemas before it looks whether this one exists, and the queue's role has no such right:
 * our migrations make the schema for it. So where it exists, BullMQ's statement is left out.
 */
async function withoutCreateSchema(client: pg.Client): Promise<Pick<pg.Client, 'query'>> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [queueSchema]);
  if (rowCount === 0) return client;
  const query = (text: string, parameters?: unknown[]) =>
    client.query(/^CREATE SCHEMA/.test(text) ? 'SELECT 1' : text, parameters);
  return { query: query as pg.Client['query'] };
}
