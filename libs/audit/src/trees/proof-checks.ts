/**
 * Checks of Merkle proofs (RFC 9162 §2.1.3.2, §2.1.4.2). Pure. Whatever is not a proof of exactly what is asked is an answer, false,
 * never an error: proofs come from outside.
 */
import { sameBytes } from '#contracts';
import { emptyRoot, leafHash, nodeHash } from './hashing.js';

const hashBytes = 32;

/** Is this leaf at this place in the tree of this size and root? */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!areSizes(index, size) || index >= size || !areHashes(proof)) return false;
  let [node, last] = [index, size - 1];
  let hash = leafHash(leaf);
  for (const sibling of proof) {
    if (last === 0) return false;
    const rightmost = node === last;
    const onTheRight = node % 2 === 1 || rightmost;
    hash = onTheRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    while (rightmost && node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

/** Is the tree (`size`, `root`) the tree (`first`, `firstRoot`) with nothing but leaves added at its end? */
export function isConsistent(
  first: number,
  size: number,
  proof: readonly Uint8Array[],
  firstRoot: Uint8Array,
  root: Uint8Array,
): boolean {
  if (!areSizes(first, size) || first > size || !areHashes(proof)) return false;
  if (first === size) return proof.length === 0 && sameBytes(firstRoot, root);
  if (first === 0) return proof.length === 0 && sameBytes(firstRoot, emptyRoot());
  let [node, last] = [first - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // a complete earlier tree is itself a node of the later one, and its hash is left out of the proof
  const [start, ...rest] = node === 0 ? [firstRoot, ...proof] : proof;
  if (!start) return false;
  let [earlier, later] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [earlier, later] = [nodeHash(sibling, earlier), nodeHash(sibling, later)];
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else {
      later = nodeHash(later, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(earlier, firstRoot) && sameBytes(later, root);
}

const half = (value: number): number => Math.floor(value / 2);
const areSizes = (...sizes: readonly number[]): boolean => sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
const areHashes = (proof: readonly Uint8Array[]): boolean => proof.every(({ length }) => length === hashBytes);
