/**
 * The whole service as separate processes, killed with SIGKILL at random moments while clients, hubs and operators go on: the outcome is
 * that of an oracle which knows nothing of kills. With a Redis, its data vanish at random moments too.
 */
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { isFull, keepFailure } from '../failures.js';
import { script } from './operations.js';
import type { Script } from './operations.js';
import { emptyRedis, redisUrl } from '../../servers/redis.js';
import { playScript } from './play.js';

jest.setTimeout(isFull ? 3_600_000 : 900_000);

const runs = isFull ? { numRuns: 10 } : { numRuns: 1 };
const length = isFull ? { least: 20, most: 40 } : { least: 14, most: 18 };
const stores: [name: string, url: string | undefined][] = [['PostgreSQL', undefined]];
if (redisUrl) stores.push(['Redis', redisUrl]);

describe.each(stores)('a service with its queues on %s', (_, url) => {
  beforeAll(emptyRedis);

  it('comes to what the oracle says, whatever is killed', async () => {
    const property = fc.asyncProperty(script(length), async (one: Script) => {
      const { kills, slowestEpochMs } = await playScript(one, url);
      process.stderr.write(`service simulation: ${kills} kills, slowest epoch ${Math.round(slowestEpochMs)} ms\n`);
    });
    const result = await fc.check(property, { ...runs, endOnFailure: true, unbiased: true });
    expect(keepFailure('service', result)).toBeUndefined();
  });
});
