/**
 * The Redis of the tests, where there is one. Each Jest worker has a database of it for itself; a spec that uses it empties it first, since
 * the worker played other specs before.
 */
import { Redis } from 'ioredis';

const server = process.env['TEST_REDIS_URL'];
export const redisDatabase = Number(process.env['JEST_WORKER_ID'] ?? '1');
/** URL of this worker's database; undefined: there is no Redis, and its cases are left out. */
export const redisUrl = server && new URL(`/${redisDatabase}`, server).href;
/** What queues can be kept in here. */
export const backends: readonly ('postgres' | 'redis')[] = redisUrl ? ['postgres', 'redis'] : ['postgres'];

export async function emptyRedis(): Promise<void> {
  if (!redisUrl) return;
  const redis = new Redis(redisUrl);
  await redis.flushdb();
  redis.disconnect();
}
