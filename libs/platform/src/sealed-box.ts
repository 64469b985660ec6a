/** Bytes at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce, as `nonce 12 ‖ ciphertext ‖ tag 16`. Keys and labels are the caller's. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concat } from '#contracts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const authTagLength = 16;

/** What a box is longer than what it holds. */
export const BOX_OVERHEAD = nonceBytes + authTagLength;

/** Another key, another context, or changed bytes: nobody can tell which. */
export class BoxRefused extends Error {
  override readonly name = 'BoxRefused';
  constructor() {
    super('the box does not open');
  }
}

/** @param key 32 bytes, for 2³² boxes at most. @param context is authenticated and not kept */
export function sealBox(key: Uint8Array, context: Uint8Array, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength }).setAAD(context);
  return concat(nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag());
}

/** @throws BoxRefused */
export function openBox(key: Uint8Array, context: Uint8Array, box: Uint8Array): Uint8Array {
  if (box.length < BOX_OVERHEAD) throw new BoxRefused();
  const decipher = createDecipheriv(algorithm, key, box.subarray(0, nonceBytes), { authTagLength });
  decipher.setAAD(context).setAuthTag(box.subarray(-authTagLength));
  const bytes = decipher.update(box.subarray(nonceBytes, -authTagLength));
  try {
    decipher.final(); // gives no bytes: GCM is a stream
    return Uint8Array.from(bytes);
  } catch {
    throw new BoxRefused();
  } finally {
    bytes.fill(0);
  }
}
