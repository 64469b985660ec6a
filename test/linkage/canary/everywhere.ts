/** Collects everything a service has written: all tables of its databases, its queue in Redis, logs, metrics. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { partsOf } from './item.js';
import type { Item, Side } from './item.js';

const sideOf = { registrar: 'account', nyms: 'pseudonym', keyholder: 'keyholder' } as const;
/** Of a process, a database cluster or its log. */
const processSide = (name: string): Side =>
  name.includes('registrar') ? 'account' : name.includes('keyholder') ? 'keyholder' : 'pseudonym';

/** Every row of every table, catalogue tables left out; the queue's tables are in the database of nyms. */
export async function databaseItems({ databases }: Stack): Promise<Item[]> {
  const items: Item[] = [];
  for (const [name, side] of Object.entries(sideOf) as [keyof typeof sideOf, Side][]) {
    const client = new pg.Client({ connectionString: databases.superUrls[name] });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ table: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables
          WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
      );
      for (const { table } of tables) {
        const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
        items.push(...rows.map((row) => ({ side, where: table, parts: Object.values(row).flatMap(partsOf) })));
      }
    } finally {
      await client.end();
    }
  }
  return items;
}

/** Every key of the Redis behind the queue, with all that it holds. */
export async function redisItems(url: string): Promise<Item[]> {
  const redis = new Redis(url);
  try {
    const items: Item[] = [];
    for (const key of await redis.keys('*')) {
      const value = await readKey(redis, key);
      items.push({ side: 'pseudonym', where: `redis ${key}`, parts: [key, ...partsOf(value)] });
    }
    return items;
  } finally {
    redis.disconnect();
  }
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
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

/** Every line of every log, those of the database servers included. */
export function logItems({ dataDir }: Stack): Item[] {
  const folder = path.join(dataDir, 'logs');
  return readdirSync(folder).flatMap((name) =>
    readFileSync(path.join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ side: processSide(name), where: name, parts: [line] })),
  );
}

export async function metricItems({ processes }: Stack): Promise<Item[]> {
  const items: Item[] = [];
  for (const { url, spec } of Object.values(processes)) {
    const text = await (await fetch(`${url}/metrics`)).text();
    items.push(
      ...text.split('\n').map((line) => ({ side: processSide(spec.name), where: `${spec.name} /metrics`, parts: [line] })),
    );
  }
  return items;
}
