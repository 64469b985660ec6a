/** What generated worlds have found once, played again: shrunk scripts in reproductions/, each a defect that was there. */
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { keptFailures } from './failures.js';
import { redisUrl } from '../servers/redis.js';
import type { Script as ServiceScript } from './service/operations.js';
import { playScript as playService } from './service/play.js';
import { Ground } from './small/ground.js';
import type { Script } from './small/operations.js';
import { playScript } from './small/play.js';

jest.setTimeout(900_000);

describe('small worlds that failed once', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.open();
  });
  afterAll(() => ground?.close());

  it.each(keptFailures<Script>('small'))('%s', async (_, script) => {
    await playScript(ground, script);
  });
});

describe('services that failed once', () => {
  // at what moment a kill comes is not written down: a script that failed may have to be played several times to fail again
  for (const [name, script] of keptFailures<ServiceScript>('service')) {
    it(name, async () => void (await playService(script, redisUrl)));
  }
});
