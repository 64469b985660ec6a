/** Verifying with a raw Ed25519 key (RFC 8032) that is pinned in somebody's configuration; imported once, used often. */
import { createPublicKey, verify } from 'node:crypto';

/** DER in front of the raw bytes (RFC 8410). */
const spki = Buffer.from('302a300506032b6570032100', 'hex');

export type Verify = (message: Uint8Array, signature: Uint8Array) => boolean;

/** @param publicKey 32 bytes. @throws RangeError for a key of another length */
export function verifyWith(publicKey: Uint8Array): Verify {
  if (publicKey.length !== 32) throw new RangeError('a key has 32 bytes');
  const key = createPublicKey({ key: Buffer.concat([spki, publicKey]), format: 'der', type: 'spki' });
  return (message, signature) => signature.length === 64 && verify(null, message, key, signature);
}
