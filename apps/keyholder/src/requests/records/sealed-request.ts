/**
 * A request at rest: AES-256-GCM under a key drawn from k, which is kept with the sealed secrets. So the key holder's database alone names
 * no pseudonym that anybody asked about. Pure but for the nonce.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalBytes, concat, signedRequest } from '#contracts';
import type { SignedRequest } from '#contracts';
import { prfLabels } from '../../keys/prf.js';
import type { Prf } from '../../keys/prf.js';

const nonceBytes = 12;
const tagBytes = 16;
const keyOf = (prf: Prf): Uint8Array => prf.bytes(prfLabels.requests);

/** nonce ‖ ciphertext ‖ tag, digest as additional data. */
export function sealRequest(prf: Prf, digest: Uint8Array, request: SignedRequest): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(prf), nonce, { authTagLength: tagBytes }).setAAD(digest);
  return concat(nonce, cipher.update(canonicalBytes(request)), cipher.final(), cipher.getAuthTag());
}

/** @throws Error when the row is damaged or another request's */
export function openRequest(prf: Prf, digest: Uint8Array, sealed: Uint8Array): SignedRequest {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(prf), sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(digest).setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const text = Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  return signedRequest.parse(JSON.parse(text.toString('utf8')));
}
