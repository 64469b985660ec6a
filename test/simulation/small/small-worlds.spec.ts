/**
 * Small worlds on real databases, generated: hubs, moderators, operators and crashes in any order. After every epoch the trees, standings
 * and manifests are those of an oracle that was written from the protocol alone. A failure is shrunk and kept in reproductions/.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Ground } from './ground.js';
import { script } from './operations.js';
import { playScript } from './play.js';
import { isFull, keepFailure } from '../failures.js';

jest.setTimeout(isFull ? 3_600_000 : 900_000);

describe('small worlds', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.open();
  });
  afterAll(() => ground?.close());

  it('come to what the oracle says, whatever is repeated, cut off or killed between two statements', async () => {
    const property = fc.asyncProperty(script(isFull ? 75 : 45), (one) => playScript(ground, one));
    const result = await fc.check(property, { numRuns: isFull ? 300 : 12, unbiased: true });
    expect(keepFailure('small', result)).toBeUndefined();
  });
});
