/** The encrypted twin against the plain one: what the key holder opens must be what plain addition gives. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parameterSet, type FoldTerm, type ParameterSetName } from '#he';
import { foldAll, openPair, type Pair } from './pair.js';

const runs = 25;
const hubs = 3;

interface Report {
  slot: number;
  terms: FoldTerm[];
}

const term = fc.record({
  hub: fc.nat(hubs - 1),
  weight: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 640 })),
});
const report = (slots: number): fc.Arbitrary<Report> =>
  fc.record({ slot: fc.nat(slots - 1), terms: fc.array(term, { maxLength: 4 }) });

/** Per hub: the slots that the pair opens, after all checks. */
async function openSums(pair: Pair, reports: readonly Report[], batch: number): Promise<Map<number, number[]>> {
  const selectors = await pair.secret.encryptSelectors(reports.map(({ slot }) => slot));
  const sums = await foldAll(
    pair.scheme,
    reports.map(({ terms }, i) => ({ selector: selectors[i] as Uint8Array, terms })),
    batch,
  );
  const opened = new Map<number, number[]>();
  for (const [hub, bytes] of sums) {
    // A pseudonym's total in a hub is one number, however many terms it came in.
    const totals = reports.map(({ terms }) => terms.filter((t) => t.hub === hub).reduce((sum, t) => sum + t.weight, 0));
    const weightSum = totals.reduce((sum, total) => sum + total, 0);
    const squareSum = totals.reduce((sum, total) => sum + total ** 2, 0);
    pair.scheme.checkCiphertext(bytes);
    opened.set(hub, [...(await pair.secret.openTally(bytes, { weightSum, squareSum, maxSlot: weightSum }))]);
  }
  return opened;
}

describe.each([
  ['n2048-q50-t20', runs],
  ['n4096-q60-t20', 3],
  ['n8192-q60-t20', 2],
] as const satisfies [ParameterSetName, number][])('%s', (setName, numRuns) => {
  let real: Pair;
  let plain: Pair;

  beforeAll(async () => {
    [real, plain] = await Promise.all([openPair(setName), openPair('plain-n2048')]);
  });
  afterAll(() => Promise.all([real.close(), plain.close()]));

  it('opens to the same slots as the plain twin, for every hub', async () => {
    const reports = fc.array(report(2048), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(reports, fc.integer({ min: 1, max: 12 }), async (list, batch) => {
        const [found, expected] = [await openSums(real, list, batch), await openSums(plain, list, 100)];
        expect([...found.keys()]).toEqual([...expected.keys()]);
        for (const [hub, slots] of expected) {
          const padding = new Array<number>(parameterSet(setName).slots - slots.length).fill(0);
          expect(found.get(hub)).toEqual([...slots, ...padding]);
        }
      }),
      { numRuns },
    );
  });

  it('opens a single selector under weight 1, at both ends of the cohort', async () => {
    const { slots } = parameterSet(setName);
    for (const slot of [0, slots - 1]) {
      const selector = await real.secret.encryptSelector(slot);
      const sums = await foldAll(real.scheme, [{ selector, terms: [{ hub: 4_294_967_295, weight: 1 }] }]);
      const opened = await real.secret.openTally(sums.get(4_294_967_295) as Uint8Array, {
        weightSum: 1n,
        squareSum: 1n,
        maxSlot: 1,
      });
      expect(opened.indexOf(1)).toBe(slot);
      expect(opened).toHaveLength(slots);
    }
  });

  it('opens its own selectors', async () => {
    const wanted = [0, 1, 2047];
    expect(await real.secret.openSelectors(await real.secret.encryptSelectors(wanted))).toEqual(wanted);
  });
});
