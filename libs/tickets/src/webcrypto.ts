/**
 * The few WebCrypto calls the ticket formats stand on: SHA-256, random bytes, AES-256-GCM with a fresh nonce. The same code runs
 * in Node and in browsers, so nothing here may import from Node.
 */

/** WebCrypto's types want a buffer that is not shared; ours never are. */
export const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', plain(bytes)));
}

/** 32 bytes as an AES-256-GCM key that cannot be exported again. */
export const importAesKey = (bytes: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', plain(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);

export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/** nonce 12 ‖ ciphertext ‖ tag 16. Random nonces: one key stays far below 2^32 uses (NIST SP 800-38D §8.3). */
export async function aesSeal(key: CryptoKey, text: Uint8Array, additionalData: Uint8Array): Promise<Uint8Array> {
  const nonce = randomBytes(NONCE_LENGTH);
  const parameters = { name: 'AES-GCM', iv: plain(nonce), additionalData: plain(additionalData) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, key, plain(text)));
  const out = new Uint8Array(NONCE_LENGTH + sealed.length);
  out.set(nonce);
  out.set(sealed, NONCE_LENGTH);
  return out;
}

/** The text, or undefined when key, bytes or additional data do not fit. */
export async function aesOpen(key: CryptoKey, sealed: Uint8Array, additionalData: Uint8Array): Promise<Uint8Array | undefined> {
  const iv = plain(sealed.subarray(0, NONCE_LENGTH));
  const parameters = { name: 'AES-GCM', iv, additionalData: plain(additionalData) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, plain(sealed.subarray(NONCE_LENGTH))));
  } catch {
    return undefined;
  }
}
