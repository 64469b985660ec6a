// Jest globalSetup of the projects that need servers: one throw-away PostgreSQL, and a Redis where there is one. Several projects
// share them. TEST_POSTGRES_URL (superuser, ends in '/') or REDIS_URL, when set, are used as they are and left running.
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from '../../scripts/build.mjs';

export default async function setup() {
  if (globalThis.nymtallyServers) return;
  const servers = (globalThis.nymtallyServers = { stops: [] });
  build();
  const { startPostgres } = await import('../../dist/apps/ctl/src/stack/embedded-postgres.js');
  const { startRedis } = await import('../../dist/apps/ctl/src/stack/private-redis.js');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-test-'));
  servers.folder = folder;
  if (!process.env.TEST_POSTGRES_URL) {
    const options = {
      folder: path.join(folder, 'postgres'),
      password: randomBytes(16).toString('hex'),
      logFile: path.join(folder, 'postgres.log'),
      ephemeral: true,
    };
    const postgres = await startPostgres(options);
    servers.stops.push(() => postgres.stop());
    process.env.TEST_POSTGRES_URL = postgres.url('');
  }
  if (process.env.REDIS_URL) process.env.TEST_REDIS_URL = process.env.REDIS_URL;
  const redis = process.env.TEST_REDIS_URL ? undefined : await startRedis();
  if (redis) {
    servers.stops.push(() => redis.stop());
    process.env.TEST_REDIS_URL = redis.url;
  }
  process.stderr.write(
    `servers for tests: PostgreSQL, ${process.env.TEST_REDIS_URL ? 'Redis' : 'no Redis here, so its cases are left out'}\n`,
  );
}
