/** SHA-256 with the prefixes that keep leaves and nodes apart (RFC 9162 §2.1.1). Pure. */
import { createHash } from 'node:crypto';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** SHA-256 of the parts behind each other, 32 bytes. */
export function sha256(...parts: ReadonlyArray<Uint8Array | string>): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export const leafHash = (leaf: Uint8Array): Uint8Array => sha256(leafPrefix, leaf);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(nodePrefix, left, right);
/** MTH of no leaves. */
export const emptyRoot = (): Uint8Array => sha256();

/** Where RFC 9162 splits a tree of `size` > 1 leaves: the largest power of two below it. */
export function splitOf(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
