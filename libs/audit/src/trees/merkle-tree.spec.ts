import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafHash } from './hashing.js';
import { merkleRoot } from './merkle-root.js';
import { MerkleTree } from './merkle-tree.js';
import { isConsistent, isIncluded } from './proof-checks.js';

const leafAt = (index: number) => Uint8Array.of(index >> 8, index & 255);
const leaves = Array.from({ length: 600 }, (_, index) => leafAt(index));
const tree = new MerkleTree();
for (const leaf of leaves) tree.add(leaf);
const roots = leaves.map((_, at) => merkleRoot(leaves.slice(0, at)));
const rootOf = (size: number) => roots[size] as Uint8Array;

const size = fc.integer({ min: 1, max: 599 });
/** A size and a number below it, or up to it. */
const within = size.chain((of) => fc.tuple(fc.nat(of - 1), fc.constant(of)));
const upTo = size.chain((of) => fc.tuple(fc.integer({ min: 1, max: of }), fc.constant(of)));

/** Proofs that differ from `proof` in one place: a bit, a hash less, a hash more, two that changed places. */
function mutants(proof: readonly Uint8Array[], at: number, bit: number): Uint8Array[][] {
  const flipped = proof.map((hash) => hash.slice());
  const place = at % Math.max(1, proof.length);
  if (flipped[place]) flipped[place][bit >> 3]! ^= 1 << (bit & 7);
  const extra = leafHash(Uint8Array.of(bit));
  const swapped = [...proof];
  [swapped[0], swapped[place]] = [swapped[place]!, swapped[0]!];
  return [
    ...(proof.length > 0 ? [flipped, proof.toSpliced(place, 1), proof.with(place, proof[place]!.slice(1))] : []),
    ...(place > 0 ? [swapped] : []),
    proof.toSpliced(place, 0, extra),
    [...proof, extra],
  ];
}

describe('a tree that is kept', () => {
  it('has the roots of the streamed tree, at every size', () => {
    for (const at of leaves.keys()) expect(Buffer.from(tree.root(at)).equals(rootOf(at))).toBe(true);
  });

  it('proves every leaf in every tree', () => {
    fc.assert(
      fc.property(within, ([index, of]) => isIncluded(leafAt(index), index, of, tree.inclusionProof(index, of), rootOf(of))),
      { numRuns: 300 },
    );
  });

  it('proves that every tree goes on from every earlier one', () => {
    fc.assert(
      fc.property(upTo, ([first, of]) => isConsistent(first, of, tree.consistencyProof(first, of), rootOf(first), rootOf(of))),
      { numRuns: 300 },
    );
    expect(isConsistent(0, 5, tree.consistencyProof(0, 5), rootOf(0), rootOf(5))).toBe(true);
    expect(isConsistent(0, 5, [], rootOf(1), rootOf(5))).toBe(false);
  });

  it('has every mutated inclusion proof refused', () => {
    fc.assert(
      fc.property(within, fc.nat(20), fc.nat(255), ([index, of], at, bit) => {
        const proof = tree.inclusionProof(index, of);
        const refused = mutants(proof, at, bit).every((other) => !isIncluded(leafAt(index), index, of, other, rootOf(of)));
        const elsewhere = (index + 1 + at) % of;
        return (
          refused &&
          !isIncluded(leafAt(index + 1), index, of, proof, rootOf(of)) &&
          (elsewhere === index || !isIncluded(leafAt(index), elsewhere, of, proof, rootOf(of))) &&
          !isIncluded(leafAt(index), index, of, proof, rootOf(of + 1 === 600 ? 1 : of + 1))
        );
      }),
      { numRuns: 300 },
    );
  });

  it('has every mutated consistency proof refused', () => {
    fc.assert(
      fc.property(upTo, fc.nat(20), fc.nat(255), ([first, of], at, bit) => {
        const proof = tree.consistencyProof(first, of);
        const [from, to] = [rootOf(first), rootOf(of)];
        const other = rootOf((first + 1 + at) % 599);
        return (
          mutants(proof, at, bit).every((changed) => !isConsistent(first, of, changed, from, to)) &&
          (first === (first + 1 + at) % 599 || !isConsistent(first, of, proof, other, to)) &&
          !isConsistent(first, of, proof, from, leafHash(to)) &&
          !isConsistent(of + 1, of, proof, from, to)
        );
      }),
      { numRuns: 300 },
    );
  });

  it('has no leaf and no tree beyond its size', () => {
    const wrong = [
      () => tree.root(601),
      () => tree.inclusionProof(3, 3),
      () => tree.inclusionProof(0.5),
      () => tree.inclusionProof(-1),
    ];
    for (const ask of [...wrong, () => tree.consistencyProof(4, 3), () => tree.consistencyProof(-1)])
      expect(ask).toThrow(RangeError);
    expect(isIncluded(leafAt(0), 0, 0, [], rootOf(0))).toBe(false);
    expect(isIncluded(leafAt(0), NaN, 1, [], rootOf(1))).toBe(false);
    expect(isConsistent(1.5, 2, [], rootOf(1), rootOf(2))).toBe(false);
  });
});
