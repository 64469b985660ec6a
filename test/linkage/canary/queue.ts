/** What waits, runs, failed or is done in the queue, on whichever backend: BullMQ's tables beside nyms, or a Redis. */
import { Redis } from 'ioredis';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { partsOf } from './item.js';
import type { Item } from './item.js';
import { rowsOf } from './tables.js';

export const queueItems = ({ databases }: Stack, redisUrl: string | undefined): Promise<Item[]> =>
  redisUrl ? keysOf(redisUrl) : rowsOf(databases.superUrls.nyms, 'pseudonym', 'bullmq');

async function keysOf(url: string): Promise<Item[]> {
  const redis = new Redis(url);
  try {
    const items: Item[] = [];
    for (const key of await redis.keys('*')) {
      const value = await valueOf(redis, key);
      items.push({ side: 'pseudonym', where: `redis ${key}`, parts: [key, ...partsOf(value)] });
    }
    return items;
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.call('zrange', key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return []; // gone meanwhile
  }
}
