/** What generated worlds have found once, played again: shrunk scripts in reproductions/, each a defect that was there. */
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { keptFailures } from './failures.js';
import { Ground } from './small/ground.js';
import type { Script } from './small/operations.js';
import { playScript } from './small/play.js';

jest.setTimeout(120_000);

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
