import { describe, expect, it } from '@jest/globals';
import { manifestLeaf, merkleRoot, type ManifestEntry } from '#audit';
import { compareEntries, ManifestRoot } from './manifest.js';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const entries: ManifestEntry[] = [
  { hub: 'https://a.example', jti: '1', setHash: hash(1) },
  { hub: 'https://a.example', jti: '1', setHash: hash(1), decisionHash: hash(8) },
  { hub: 'https://a.example', jti: '1', setHash: hash(1), decisionHash: hash(9) },
  { hub: 'https://a.example', jti: '2', setHash: hash(2) },
  // U+FF01 comes before U+1F600 as UTF-8 and after it as UTF-16
  { hub: 'https://a.example', jti: '\uff01', setHash: hash(3) },
  { hub: 'https://a.example', jti: '\u{1f600}', setHash: hash(4) },
  { hub: 'https://b.example', jti: '0', setHash: hash(5) },
];
const rootOf = (given: readonly ManifestEntry[]) => {
  const tree = new ManifestRoot();
  for (const entry of given) tree.add(entry);
  return tree.root();
};

describe('manifest', () => {
  it('orders by hub and jti in UTF-8, a SET before the decisions on it', () => {
    expect([...entries].reverse().sort(compareEntries)).toEqual(entries);
  });

  it('refuses entries that are out of order or stand twice', () => {
    expect(() => rootOf([entries[1]!, entries[0]!])).toThrow(RangeError);
    expect(() => rootOf([entries[0]!, entries[0]!])).toThrow(RangeError);
  });

  it('is the Merkle tree over its entries', () => {
    expect(rootOf(entries)).toEqual(merkleRoot(entries.map(manifestLeaf)));
  });
});
