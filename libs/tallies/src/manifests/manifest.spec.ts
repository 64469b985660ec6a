import { describe, expect, it } from '@jest/globals';
import { isIncluded } from '#audit';
import { compareEntries, entryProof, manifestLeaf, manifestMessage, ManifestRoot, type ManifestEntry } from './manifest.js';

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

  it('proves to a hub that its SET, or a decision on it, is in', () => {
    const root = rootOf(entries);
    entries.forEach((entry, place) => {
      const proof = entryProof(entries, entry);
      expect(proof?.index).toBe(place);
      expect(isIncluded(manifestLeaf(entry), place, entries.length, proof?.path ?? [], root)).toBe(true);
    });
    expect(entryProof(entries, { ...entries[0]!, jti: 'x' })).toBeUndefined();
  });

  it('is signed with the day it was closed on', () => {
    const manifest = { epoch: 1, size: 7, root: rootOf(entries), policyDigest: hash(7), closedDay: 20_759 };
    const bytes = Buffer.from(manifestMessage(manifest));
    for (const other of [{ closedDay: 20_760 }, { epoch: 2 }, { size: 6 }, { policyDigest: hash(6) }, { root: hash(0) }]) {
      expect(bytes.equals(manifestMessage({ ...manifest, ...other }))).toBe(false);
    }
  });
});
