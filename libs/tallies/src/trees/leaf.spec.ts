import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '#contracts';
import { areTalliesOf, leafOf, treeRoot, type Tally, type TreeHeader } from './leaf.js';
import { merkleRoot } from '#audit';

const digest = 'A'.repeat(43);
const header: TreeHeader = {
  v: 1,
  epoch: 3,
  side: 'negative',
  policy: 'live',
  parameterSet: 'plain-n2048',
  build: 'plain-twin/1',
  policyDigest: digest,
  manifestRoot: digest,
  since: 2,
  newPseudonyms: 20,
  objections: digest,
  selectors: digest,
  leaves: 2,
};
const tallyAt = (cohort: number, hub: string, keyEpoch = 1): Tally => ({
  cohort,
  keyEpoch,
  hub,
  pseudonyms: 1,
  weightSum: 32,
  squareSum: 1_024,
  ciphertext: digest,
});
const tallies = [tallyAt(0, 'https://b.example'), tallyAt(1, 'https://a.example')];

describe('tree of an epoch and side', () => {
  it('has the header as leaf 0 and full leaves behind it', () => {
    const leaves = [header, ...tallies.map((own) => leafOf(header, own))].map(canonicalBytes);
    expect(treeRoot(header, tallies)).toEqual(merkleRoot(leaves));
    expect(leafOf(header, tallies[0]!)).toMatchObject({ epoch: 3, side: 'negative', cohort: 0, policyDigest: digest });
  });

  it('changes with every field of header and tallies', () => {
    const root = Buffer.from(treeRoot(header, tallies));
    const others = [
      treeRoot({ ...header, since: 1 }, tallies),
      treeRoot({ ...header, newPseudonyms: 21 }, tallies),
      treeRoot(header, [tallies[0]!, { ...tallies[1]!, weightSum: 33 }]),
      treeRoot(header, [tallies[0]!, { ...tallies[1]!, ciphertext: 'B'.repeat(42) + 'A' }]),
    ];
    for (const other of others) expect(root.equals(other)).toBe(false);
  });

  it('takes each cohort, key epoch and hub once, in order, and as many as the header says', () => {
    const wrong = [
      [tallies[1]!, tallies[0]!],
      [tallies[0]!, tallies[0]!],
      [tallies[0]!],
      [tallyAt(0, 'https://a.example', 2), tallyAt(0, 'https://b.example', 1)],
    ];
    for (const own of wrong) {
      expect(areTalliesOf(header, own)).toBe(false);
      expect(() => treeRoot(header, own)).toThrow(RangeError);
    }
    expect(areTalliesOf(header, [tallyAt(0, 'https://b.example', 1), tallyAt(0, 'https://a.example', 2)])).toBe(true);
  });
});
