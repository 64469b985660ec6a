/**
 * Records of the plain twin: what stands where a ciphertext would. No secrecy at all; fixed lengths like the real ones.
 *
 * selector (16): "NYPS" ‖ slot u32 ‖ 8 random bytes (so that two selectors of one slot differ, as real ones do)
 * sum (8 + 4N):  "NYPT" ‖ N u32 ‖ N slots u32, each below t                                         (little-endian)
 */
import { randomBytes } from 'node:crypto';
import type { ByteFault } from '../errors.js';
import type { PlainSet } from '../parameter-sets.js';

const selectorMagic = Buffer.from('NYPS');
const sumMagic = Buffer.from('NYPT');
const slotAt = 4;
const nonceAt = 8;
const slotsAt = 8;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function plainSelector(set: PlainSet, slot: number): Uint8Array {
  if (!Number.isInteger(slot) || slot < 0 || slot >= set.slots) throw new RangeError('slot out of range');
  const bytes = new Uint8Array(set.selectorBytes);
  bytes.set(selectorMagic);
  viewOf(bytes).setUint32(slotAt, slot, true);
  bytes.set(randomBytes(set.selectorBytes - nonceAt), nonceAt);
  return bytes;
}

/** @param bytes passed `plainSelectorFault`. */
export const plainSelectorSlot = (bytes: Uint8Array): number => viewOf(bytes).getUint32(slotAt, true);

export function plainSum(set: PlainSet, slots: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(set.ciphertextBytes);
  bytes.set(sumMagic);
  const view = viewOf(bytes);
  view.setUint32(4, set.slots, true);
  slots.forEach((value, slot) => view.setUint32(slotsAt + 4 * slot, value, true));
  return bytes;
}

/** @param bytes passed `plainSumFault`. @returns N slots. */
export function plainSumSlots(set: PlainSet, bytes: Uint8Array): Uint32Array {
  const view = viewOf(bytes);
  return Uint32Array.from({ length: set.slots }, (_, slot) => view.getUint32(slotsAt + 4 * slot, true));
}

const startsWith = (bytes: Uint8Array, magic: Uint8Array) => magic.every((byte, i) => bytes[i] === byte);

export function plainSelectorFault(set: PlainSet, bytes: Uint8Array): ByteFault | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length !== set.selectorBytes) return 'length';
  if (!startsWith(bytes, selectorMagic)) return 'header';
  return plainSelectorSlot(bytes) < set.slots ? undefined : 'coefficient';
}

export function plainSumFault(set: PlainSet, bytes: Uint8Array): ByteFault | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length !== set.ciphertextBytes) return 'length';
  if (!startsWith(bytes, sumMagic) || viewOf(bytes).getUint32(4, true) !== set.slots) return 'header';
  return plainSumSlots(set, bytes).every((value) => value < set.plainModulus) ? undefined : 'coefficient';
}
