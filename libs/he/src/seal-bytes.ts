/**
 * The byte layout of what SEAL 4.1 saves without compression, as far as it is the same in every selector or sum of a set.
 * Written from the numbers of the set alone, so that a checker needs no SEAL; test/he compares it with SEAL's own output.
 *
 * selector: ciphertext header (113) ‖ c0, N words ‖ seed header (17) ‖ seed (64)
 * sum:      ciphertext header (113) ‖ c0, N words ‖ c1, N words            (words: 8 bytes, little-endian, coefficient form)
 */
import type { BfvSet } from './parameter-sets.js';

const sealHeaderBytes = 16;
export const ciphertextHeaderBytes = 113;
export const seedHeaderBytes = 17;
export const seedBytes = 64;
export const wordBytes = 8;
/** Offset of the compression mode in every SEAL header. */
export const compressionByte = 5;

/** magic 0xA15E, header size, version 4.1, compression none, reserved, size of header and body. */
function sealHeader(size: number): Buffer {
  const header = Buffer.alloc(sealHeaderBytes);
  header.set([0x5e, 0xa1, sealHeaderBytes, 4, 1, 0]);
  header.writeBigUInt64LE(BigInt(size), 8);
  return header;
}

function words(...values: number[]): Buffer {
  return Buffer.from(BigUint64Array.from(values.map(BigInt)).buffer);
}

/** @param total bytes of the whole object; @param stored 64-bit coefficients that follow the header. */
function ciphertextHeader(set: BfvSet, total: number, stored: number): Uint8Array {
  const notNtt = Buffer.of(0);
  const scale = Buffer.from(Float64Array.of(1).buffer);
  const [polynomials, primes, correctionFactor] = [2, 1, 1];
  return Buffer.concat([
    sealHeader(total),
    Buffer.from(set.parmsId, 'hex'),
    notNtt,
    words(polynomials, set.slots, primes),
    scale,
    words(correctionFactor),
    sealHeader(sealHeaderBytes + wordBytes + stored * wordBytes),
    words(stored),
  ]);
}

/** A region that must equal `bytes` exactly, at `offset`. */
export interface FixedRegion {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface BytesTemplate {
  readonly length: number;
  readonly fixed: readonly FixedRegion[];
  /** Stored polynomials, N words each, from `ciphertextHeaderBytes` on. */
  readonly polynomials: 1 | 2;
}

export function selectorTemplate(set: BfvSet): BytesTemplate {
  const body = ciphertextHeaderBytes + set.slots * wordBytes;
  const blake2xb = Buffer.of(1);
  const seedHeader = Buffer.concat([sealHeader(seedHeaderBytes + seedBytes), blake2xb]);
  return {
    length: set.selectorBytes,
    fixed: [
      { offset: 0, bytes: ciphertextHeader(set, set.selectorBytes, set.slots) },
      { offset: body, bytes: seedHeader },
    ],
    polynomials: 1,
  };
}

export function sumTemplate(set: BfvSet): BytesTemplate {
  return {
    length: set.ciphertextBytes,
    fixed: [{ offset: 0, bytes: ciphertextHeader(set, set.ciphertextBytes, 2 * set.slots) }],
    polynomials: 2,
  };
}
