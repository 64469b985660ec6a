/**
 * A Merkle tree that is kept, for whoever proves (RFC 9162 §2.1.3.1, §2.1.4.1): it holds the hashes of all complete subtrees, about 64
 * bytes a leaf, so a root or proof for any size up to its own costs the height. It holds no leaf. Pure.
 */
import { emptyRoot, leafHash, nodeHash, splitOf } from './hashing.js';

export class MerkleTree {
  /** `#levels[h][i]` is the hash over the leaves from i·2^h on, 2^h of them. */
  readonly #levels: Uint8Array[][] = [[]];

  get size(): number {
    return this.#levels[0]!.length;
  }

  add(leaf: Uint8Array): void {
    this.addHash(leafHash(leaf));
  }

  /** @param hash `leafHash` of the next leaf. */
  addHash(hash: Uint8Array): void {
    let node = hash;
    for (let level = 0; ; level++) {
      const row = (this.#levels[level] ??= []);
      row.push(node);
      if (row.length % 2 === 1) return;
      node = nodeHash(row.at(-2) as Uint8Array, node);
    }
  }

  /** MTH of the first `size` leaves. @throws RangeError when there are fewer. */
  root(size = this.size): Uint8Array {
    this.#has(size);
    return size === 0 ? emptyRoot() : this.#hash(0, size);
  }

  /** PATH(index, first `size` leaves), leaf to root. @throws RangeError when there is no such leaf. */
  inclusionProof(index: number, size = this.size): Uint8Array[] {
    this.#has(size);
    if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf');
    return this.#path(index, 0, size);
  }

  /** PROOF(first, first `size` leaves): empty when `first` is 0 or `size`. @throws RangeError when `first` is beyond `size`. */
  consistencyProof(first: number, size = this.size): Uint8Array[] {
    this.#has(size);
    if (!Number.isInteger(first) || first < 0 || first > size) throw new RangeError('no such tree');
    return first === 0 ? [] : this.#subproof(first, 0, size, true);
  }

  #has(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) throw new RangeError('the tree is not that large');
  }

  /** Over `count` leaves from `start` on, where a split of the tree has put `start`. */
  #hash(start: number, count: number): Uint8Array {
    const level = Math.log2(count);
    if (Number.isInteger(level)) return this.#levels[level]![start / count] as Uint8Array;
    const left = splitOf(count);
    return nodeHash(this.#hash(start, left), this.#hash(start + left, count - left));
  }

  #path(index: number, start: number, count: number): Uint8Array[] {
    if (count === 1) return [];
    const left = splitOf(count);
    return index < left
      ? [...this.#path(index, start, left), this.#hash(start + left, count - left)]
      : [...this.#path(index - left, start + left, count - left), this.#hash(start, left)];
  }

  /** @param isKnown the verifier has this subtree's hash: it is the whole earlier tree. */
  #subproof(first: number, start: number, count: number, isKnown: boolean): Uint8Array[] {
    if (first === count) return isKnown ? [] : [this.#hash(start, count)];
    const left = splitOf(count);
    return first <= left
      ? [...this.#subproof(first, start, left, isKnown), this.#hash(start + left, count - left)]
      : [...this.#subproof(first - left, start + left, count - left, false), this.#hash(start, left)];
  }
}
