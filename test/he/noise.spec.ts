/** The margin that protocol.md §1 measured, and that the noise rule takes every honest sum at its attested size. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { boundOf, foldAll, openPair, type Entry, type Pair } from './pair.js';

const selectorCount = 200;
const adds = 20_000;

let pair: Pair;
beforeAll(async () => {
  pair = await openPair('n2048-q50-t20');
});
afterAll(() => pair.close());

describe('noise', () => {
  it('leaves room after 20,000 adds of weights 1..100 over only 200 selectors', async () => {
    const slots = Array.from({ length: selectorCount }, (_, i) => (i * 41) % 2048);
    const selectors = await pair.secret.encryptSelectors(slots);
    const totals = new Array<number>(selectorCount).fill(0);
    const entries: Entry[] = [];
    for (let i = 0; i < adds / selectorCount; i++) {
      selectors.forEach((selector, s) => {
        const weight = 1 + ((i * 31 + s * 17) % 100);
        totals[s] = (totals[s] as number) + weight;
        entries.push({ selector, terms: [{ hub: 0, weight }] });
      });
    }
    const sum = (await foldAll(pair.scheme, entries, 200)).get(0) as Uint8Array;
    const opened = await pair.secret.openTally(sum.slice(), boundOf(totals, Math.max(...totals)));
    const expected = new Array<number>(2048).fill(0);
    slots.forEach((slot, s) => (expected[slot] = (expected[slot] as number) + (totals[s] as number)));
    expect([...opened]).toEqual(expected);
  });

  it('of honest sums is taken at square sums just below and at powers of four, where the rule is sharpest', async () => {
    for (const weight of [1, 2, 3, 15, 16, 63, 64, 1023, 1024]) {
      for (const count of [1, 4, 15, 16]) {
        const selectors = await pair.secret.encryptSelectors(Array.from({ length: count }, (_, i) => i));
        const totals = selectors.map(() => weight);
        const sum = (
          await foldAll(
            pair.scheme,
            selectors.map((selector) => ({ selector, terms: [{ hub: 0, weight }] })),
          )
        ).get(0) as Uint8Array;
        expect((await pair.secret.openTally(sum.slice(), boundOf(totals, weight)))[0]).toBe(weight);
      }
    }
  });

  it('above what the attested square sum explains is refused although every slot is right', async () => {
    const selector = await pair.secret.encryptSelector(9);
    const sum = (await foldAll(pair.scheme, [{ selector, terms: [{ hub: 0, weight: 1000 }] }])).get(0) as Uint8Array;
    const honest = boundOf([1000], 1000);
    expect((await pair.secret.openTally(sum.slice(), honest))[9]).toBe(1000);
    await expect(pair.secret.openTally(sum.slice(), { ...honest, squareSum: 1000 })).rejects.toMatchObject({ reason: 'noise' });
  });

  it('self test passes at the largest load that a policy may ask for and fails beyond the floor', async () => {
    expect(await pair.secret.selfTest(2048 * 20 * 640 ** 2)).toBe('passed');
    expect(await pair.secret.selfTest(1)).toBe('passed');
    expect(await pair.secret.selfTest(2 ** 49)).toBe('below-floor');
  });
});
