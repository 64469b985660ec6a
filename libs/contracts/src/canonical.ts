/** Canonical JSON (RFC 8785) as bytes: what is signed and hashed when a document is JSON. Throws RangeError on what JSON cannot say. */
import canonicalize from 'canonicalize';
import { utf8 } from './bytes.js';

const write = canonicalize as unknown as (value: unknown) => string | undefined;

export function canonicalBytes(value: unknown): Uint8Array {
  const text = write(value);
  if (text === undefined) throw new RangeError('not JSON');
  return utf8(text);
}
