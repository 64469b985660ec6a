/**
 * Merkle tree hash and inclusion proofs (RFC 9162 §2.1, SHA-256). Leaves are bytes; the empty tree's root is H("").
 * Pure. Vectors: test/vectors/merkle.
 */
import { createHash } from 'node:crypto';
import { sameBytes } from '#contracts';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** SHA-256 of the parts behind each other, 32 bytes. */
export function sha256(...parts: ReadonlyArray<Uint8Array | string>): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export const leafHash = (leaf: Uint8Array): Uint8Array => sha256(leafPrefix, leaf);
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(nodePrefix, left, right);

/** Root over a stream of leaves, in order; memory grows with the height only. */
export class MerkleRoot {
  /** Roots of the complete subtrees so far, largest first; their sizes are the bits of `size`. */
  readonly #subtrees: Uint8Array[] = [];
  size = 0;

  add(leaf: Uint8Array): void {
    let hash = leafHash(leaf);
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(this.#subtrees.pop() as Uint8Array, hash);
    this.#subtrees.push(hash);
    this.size++;
  }

  /** MTH of what was added; more may be added afterwards. */
  root(): Uint8Array {
    const [last, ...larger] = this.#subtrees.toReversed();
    return last ? larger.reduce((right, left) => nodeHash(left, right), last) : sha256();
  }
}

/** MTH(leaves). */
export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = new MerkleRoot();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** PATH(index, leaves), leaf to root. @throws RangeError when there is no such leaf. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('no such leaf');
  if (leaves.length === 1) return [];
  const split = largestPowerOfTwoBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(left, index), merkleRoot(right)]
    : [...inclusionProof(right, index - split), merkleRoot(left)];
}

/** RFC 9162 §2.1.3.2. False for anything that is not a proof of exactly this leaf at this place in a tree of this size. */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [node, last] = [index, size - 1];
  let hash = leafHash(leaf);
  for (const sibling of proof) {
    if (last === 0) return false;
    const rightmost = node === last;
    const onTheRight = node % 2 === 1 || rightmost;
    hash = onTheRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    while (rightmost && node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameBytes(hash, root);
}

const largestPowerOfTwoBelow = (size: number): number => {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};
