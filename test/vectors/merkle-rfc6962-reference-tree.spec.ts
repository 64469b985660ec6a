/** Reference tree of google/certificate-transparency and transparency-dev/merkle (RFC 6962, RFC 9162 §2.1). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { inclusionProof, isIncluded, leafHash, merkleRoot } from '#tallies';

interface ReferenceTree {
  readonly hasher: { readonly empty_root: string; readonly leaf_hash_empty: string; readonly leaf_hash_L123456: string };
  readonly leaves_hex: readonly string[];
  readonly roots_by_size: readonly string[];
  readonly inclusion: ReadonlyArray<{ readonly index: number; readonly size: number; readonly path: readonly string[] }>;
}

const file = new URL('./merkle/rfc6962-reference-tree.json', import.meta.url);
const reference = JSON.parse(readFileSync(file, 'utf8')) as ReferenceTree;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const leaves = reference.leaves_hex.map(bytes);

describe('Merkle tree of RFC 9162 §2.1 on the reference tree', () => {
  it('hashes leaves and the empty tree as published', () => {
    expect(hex(merkleRoot([]))).toBe(reference.hasher.empty_root);
    expect(hex(leafHash(new Uint8Array()))).toBe(reference.hasher.leaf_hash_empty);
    expect(hex(leafHash(new TextEncoder().encode('L123456')))).toBe(reference.hasher.leaf_hash_L123456);
  });

  it('gives the published root for every size', () => {
    const roots = reference.roots_by_size.map((_, size) => hex(merkleRoot(leaves.slice(0, size))));
    expect(roots).toEqual(reference.roots_by_size);
    expect(roots).toHaveLength(9);
  });

  it('makes and accepts every published inclusion proof, and no other place or size', () => {
    expect(reference.inclusion).toHaveLength(36);
    for (const { index, size, path } of reference.inclusion) {
      const tree = leaves.slice(0, size);
      const proof = inclusionProof(tree, index);
      expect(proof.map(hex)).toEqual(path);
      const root = merkleRoot(tree);
      const leaf = tree[index] as Uint8Array;
      expect(isIncluded(leaf, index, size, proof, root)).toBe(true);
      for (let other = 0; other < size; other++) {
        if (other !== index) expect(isIncluded(leaf, other, size, proof, root)).toBe(false);
      }
      expect(isIncluded(leaf, index, size, [...proof, root], root)).toBe(false);
      if (proof.length > 0) expect(isIncluded(leaf, index, size, proof.slice(1), root)).toBe(false);
    }
  });
});
