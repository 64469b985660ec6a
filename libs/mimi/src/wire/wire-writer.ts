/** Writes the TLS presentation language as MLS uses it (RFC 9420 §2.1); the other half of `WireReader`. Runs in Node and in browsers. */
import { concat, utf8 } from '#contracts';

export function uint(value: number, size: 1 | 2): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) throw new RangeError(`no uint${8 * size}`);
  return size === 1 ? Uint8Array.of(value) : Uint8Array.of(value >> 8, value & 0xff);
}

export function uint64(value: bigint): Uint8Array {
  if (BigInt.asUintN(64, value) !== value) throw new RangeError('no uint64');
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value);
  return out;
}

/** `opaque x[length]` */
export function fixed(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`not ${length} bytes`);
  return bytes;
}

/** `<V>`: the parts together, behind their length in its shortest form. */
export function vector(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((total, part) => total + part.length, 0);
  return concat(lengthBytes(length), ...parts);
}

export function utf8Vector(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new RangeError('text with lone surrogates is not UTF-8');
  return vector(utf8(text));
}

function lengthBytes(length: number): Uint8Array {
  if (length < 2 ** 6) return Uint8Array.of(length);
  if (length < 2 ** 14) return Uint8Array.of(0x40 | (length >> 8), length & 0xff);
  if (length >= 2 ** 30) throw new RangeError('too long for a vector');
  return Uint8Array.of(0x80 | (length >>> 24), (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
}
