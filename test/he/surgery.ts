/** Edits saved ciphertexts coefficient by coefficient, as an attacker would: coefficient form, 8 little-endian bytes each. */
import { parameterSets, type BfvSet } from '#he';

export const set: BfvSet = parameterSets['n2048-q50-t20'];
/** Δ = ⌊q/t⌋: what one unit of plaintext weighs in a ciphertext. */
export const delta = set.coeffModulus / BigInt(set.plainModulus);

const header = 113;
const offsetOf = (polynomial: 0 | 1, index: number) => header + 8 * (polynomial * set.slots + index);
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function setCoefficient(bytes: Uint8Array, polynomial: 0 | 1, index: number, value: bigint): Uint8Array {
  const copy = bytes.slice();
  viewOf(copy).setBigUint64(offsetOf(polynomial, index), value, true);
  return copy;
}

/** Adds to one coefficient modulo q. */
export function addTo(bytes: Uint8Array, polynomial: 0 | 1, index: number, value: bigint): Uint8Array {
  const old = viewOf(bytes).getBigUint64(offsetOf(polynomial, index), true);
  return setCoefficient(bytes, polynomial, index, (old + value) % set.coeffModulus);
}

/** Adds to every coefficient of c0 modulo q. */
export function addToAllOfC0(bytes: Uint8Array, value: bigint): Uint8Array {
  const copy = bytes.slice();
  const view = viewOf(copy);
  for (let i = 0; i < set.slots; i++) {
    view.setBigUint64(offsetOf(0, i), (view.getBigUint64(offsetOf(0, i), true) + value) % set.coeffModulus, true);
  }
  return copy;
}

export function flip(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] as number) ^ mask;
  return copy;
}
