/** The same selectors give the same bytes, however they are ordered, batched or merged: what lets a witness compare digests. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openScheme, type EvaluationScheme } from '#he';
import { createSecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import { foldAll, type Entry } from './pair.js';

const selectorCount = 24;
let selectors: Uint8Array[];
let roomy: EvaluationScheme;
let tight: EvaluationScheme;

const hexOf = (sums: Map<number, Uint8Array>) => [...sums].map(([hub, bytes]) => [hub, Buffer.from(bytes).toString('base64')]);

beforeAll(async () => {
  const secret = await createSecretScheme('n2048-q50-t20');
  selectors = await secret.encryptSelectors(Array.from({ length: selectorCount }, (_, i) => (i * 37) % 2048));
  await secret.close();
  roomy = await openScheme('n2048-q50-t20', { threads: 2 });
  tight = await openScheme('n2048-q50-t20', { threads: 1, maxAccumulators: 2 });
});
afterAll(() => Promise.all([roomy.close(), tight.close()]));

const pair = fc.record({ index: fc.nat(selectorCount - 1), hub: fc.nat(3), weight: fc.integer({ min: 1, max: 9 }) });
type Weighted = { index: number; hub: number; weight: number };

const single = ({ index, hub, weight }: Weighted): Entry => ({
  selector: selectors[index] as Uint8Array,
  terms: [{ hub, weight }],
});

/** All terms of a selector in one entry instead of one each. */
function grouped(pairs: readonly Weighted[]): Entry[] {
  return selectors.map((selector, i) => ({ selector, terms: pairs.filter(({ index }) => index === i) }));
}

describe('a fold', () => {
  it('gives the same bytes in any order, grouping and split, and when it must merge early', async () => {
    const arbitrary = fc
      .array(pair, { minLength: 2, maxLength: 30 })
      .chain((pairs) =>
        fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length }), fc.integer({ min: 1, max: 9 })),
      );
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([pairs, shuffled, batch]) => {
        const expected = hexOf(await foldAll(roomy, pairs.map(single)));
        expect(hexOf(await foldAll(roomy, shuffled.map(single), batch))).toEqual(expected);
        expect(hexOf(await foldAll(roomy, grouped(shuffled), batch))).toEqual(expected);
        expect(hexOf(await foldAll(tight, shuffled.map(single), batch))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same bytes when a total comes in parts', async () => {
    const whole = await foldAll(roomy, [{ selector: selectors[0] as Uint8Array, terms: [{ hub: 1, weight: 12 }] }]);
    const parts = await foldAll(
      roomy,
      [1, 4, 7].map((weight) => single({ index: 0, hub: 1, weight })),
    );
    expect(hexOf(parts)).toEqual(hexOf(whole));
  });

  it('gives the same bytes for folds that run at the same time', async () => {
    const entries = selectors.map((_, index) => single({ index, hub: index % 2, weight: 1 + (index % 5) }));
    const alone = hexOf(await foldAll(roomy, entries));
    const together = await Promise.all([1, 2, 5].map((batch) => foldAll(roomy, entries, batch)));
    for (const sums of together) expect(hexOf(sums)).toEqual(alone);
  });

  it('is told apart by one more selector', async () => {
    const entries = selectors.map((_, index) => single({ index, hub: 0, weight: 1 }));
    expect(hexOf(await foldAll(roomy, entries.slice(1)))).not.toEqual(hexOf(await foldAll(roomy, entries)));
  });
});
