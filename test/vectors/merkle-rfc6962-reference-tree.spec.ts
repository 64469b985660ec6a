/** Reference tree of google/certificate-transparency and transparency-dev/merkle (RFC 6962, RFC 9162 §2.1). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isConsistent, isIncluded, leafHash, merkleRoot, MerkleTree, nodeHash } from '#audit';

interface ReferenceTree {
  readonly hasher: Readonly<Record<'empty_root' | 'leaf_hash_empty' | 'leaf_hash_L123456' | 'node_hash_N123_N456', string>>;
  readonly leaves_hex: readonly string[];
  readonly roots_by_size: readonly string[];
  readonly inclusion: ReadonlyArray<{ readonly index: number; readonly size: number; readonly path: readonly string[] }>;
  readonly consistency: ReadonlyArray<{ readonly first: number; readonly second: number; readonly proof: readonly string[] }>;
}

const file = new URL('./merkle/rfc6962-reference-tree.json', import.meta.url);
const reference = JSON.parse(readFileSync(file, 'utf8')) as ReferenceTree;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const leaves = reference.leaves_hex.map(bytes);
const whole = new MerkleTree();
for (const leaf of leaves) whole.add(leaf);

describe('Merkle tree of RFC 9162 §2.1 on the reference tree', () => {
  it('hashes leaves and the empty tree as published', () => {
    expect(hex(merkleRoot([]))).toBe(reference.hasher.empty_root);
    expect(hex(leafHash(new Uint8Array()))).toBe(reference.hasher.leaf_hash_empty);
    expect(hex(leafHash(new TextEncoder().encode('L123456')))).toBe(reference.hasher.leaf_hash_L123456);
    const text = (value: string) => new TextEncoder().encode(value);
    expect(hex(nodeHash(text('N123'), text('N456')))).toBe(reference.hasher.node_hash_N123_N456);
  });

  it('gives the published root for every size', () => {
    const roots = reference.roots_by_size.map((_, size) => hex(merkleRoot(leaves.slice(0, size))));
    expect(roots).toEqual(reference.roots_by_size);
    expect(roots).toHaveLength(9);
    expect(roots.map((_, size) => hex(whole.root(size)))).toEqual(roots);
  });

  it('makes and accepts every published inclusion proof, and no other place or size', () => {
    expect(reference.inclusion).toHaveLength(36);
    for (const { index, size, path } of reference.inclusion) {
      const tree = leaves.slice(0, size);
      const proof = whole.inclusionProof(index, size);
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

  it('makes and accepts every published consistency proof, and between no other two trees', () => {
    expect(reference.consistency).toHaveLength(36);
    const roots = leaves.map((_, at) => merkleRoot(leaves.slice(0, at + 1)));
    const rootOf = (size: number) => roots[size - 1] as Uint8Array;
    for (const { first, second, proof } of reference.consistency) {
      const made = whole.consistencyProof(first, second);
      expect(made.map(hex)).toEqual(proof);
      expect(isConsistent(first, second, made, rootOf(first), rootOf(second))).toBe(true);
      for (const other of leaves.keys()) {
        const size = other + 1;
        if (size !== first) expect(isConsistent(size, second, made, rootOf(size), rootOf(second))).toBe(false);
        if (size !== first) expect(isConsistent(first, second, made, rootOf(size), rootOf(second))).toBe(false);
        if (size !== second) expect(isConsistent(first, second, made, rootOf(first), rootOf(size))).toBe(false);
      }
      expect(isConsistent(first, second, [...made, rootOf(second)], rootOf(first), rootOf(second))).toBe(false);
      if (made.length > 0) expect(isConsistent(first, second, made.slice(1), rootOf(first), rootOf(second))).toBe(false);
    }
  });
});
