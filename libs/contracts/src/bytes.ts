/**
 * Bytes on the wire: length-prefixed framing for hashes and signatures, and base64url.
 *
 * `frame` is the "‖" of the protocol: every field carries its own length, so no two different field lists give the same
 * bytes. Runs in Node and in browsers. Knows no key and no meaning.
 */

const encoder = new TextEncoder();

/** UTF-8 bytes of a string. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Fields joined, each behind its length as four bytes, big-endian. Strings go in as UTF-8, numbers as eight bytes, big-endian. */
export function frame(...fields: ReadonlyArray<Uint8Array | string | number>): Uint8Array {
  let length = 0;
  const parts: Array<Uint8Array | number> = [];
  for (const field of fields) {
    const part = typeof field === 'string' ? utf8(field) : field;
    length += 4 + (typeof part === 'number' ? 8 : part.length);
    parts.push(part);
  }
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, typeof part === 'number' ? 8 : part.length);
    at += 4;
    if (typeof part === 'number') putUint64(view, at, part);
    else out.set(part, at);
    at += typeof part === 'number' ? 8 : part.length;
  }
  return out;
}

/** Parts joined without any framing, for fixed-length layouts. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A non-negative safe integer as eight bytes, big-endian. Throws RangeError on anything else. */
export function uint64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  putUint64(new DataView(out.buffer), 0, value);
  return out;
}

function putUint64(view: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not a non-negative safe integer');
  view.setUint32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value >>> 0);
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  if (typeof Buffer !== 'undefined') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Strict base64url: no padding, no other alphabet, no stray bits. Throws RangeError. */
export function fromBase64Url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new RangeError('not base64url');
  const bytes =
    typeof Buffer !== 'undefined'
      ? new Uint8Array(Buffer.from(text, 'base64url'))
      : Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  if (toBase64Url(bytes) !== text) throw new RangeError('not canonical base64url');
  return bytes;
}

/** Equality of public bytes. Not constant-time: never for secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false; // tallies compare millions: no call for each byte
  return true;
}
