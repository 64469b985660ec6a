/**
 * Small worlds on real databases, generated: hubs, moderators, operators and crashes in any order. After every epoch the trees, standings
 * and manifests are those of an oracle that was written from the protocol alone. A failure is shrunk and kept in reproductions/.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Ground } from './ground.js';
import { script } from './operations.js';
import { playScript, sumsAfter } from './play.js';
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

  it('have the sums of before once a signal is taken back, as if it had never been', async () => {
    const epoch = { op: 'epoch' } as const;
    const signal = fc.record({
      hub: fc.nat(4),
      about: fc.nat(8),
      kind: fc.constantFrom('verified' as const, 'hub-ban' as const),
    });
    const property = fc.asyncProperty(script(12), signal, async (one, { hub, about, kind }) => {
      const never = await sumsAfter(ground, one, async (world) => {
        await world.play(epoch);
        await world.play(epoch);
      });
      const takenBack = await sumsAfter(ground, one, async (world) => {
        const { sets } = world.history;
        const before = sets.length;
        await world.play({ op: 'push', hubs: 1 << hub, about, kind });
        await world.play(epoch);
        if (sets.length > before) await world.play({ op: 'take-back', set: before, by: 'retract', foreign: false }); // else the hub is suspended
        await world.play(epoch);
      });
      expect(takenBack).toEqual(never);
    });
    await fc.assert(property, { numRuns: isFull ? 100 : 3, unbiased: true });
  });
});
