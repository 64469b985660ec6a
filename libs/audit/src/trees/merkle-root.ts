/** Merkle tree hash over a stream (RFC 9162 §2.1.1), when only the root is wanted: memory grows with the height. Pure. */
import { emptyRoot, leafHash, nodeHash } from './hashing.js';

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
    return last ? larger.reduce((right, left) => nodeHash(left, right), last) : emptyRoot();
  }
}

/** MTH(leaves). */
export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = new MerkleRoot();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}
