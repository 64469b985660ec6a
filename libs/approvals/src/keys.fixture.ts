/** Ed25519 for specs of a lib that may not import libs/platform: what its callers bring, in a few lines of node:crypto. */
import { createPublicKey, generateKeyPairSync, sign, verify as check } from 'node:crypto';

const spki = Buffer.from('302a300506032b6570032100', 'hex');

export interface SampleKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function newKey(): SampleKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(spki.length));
  return { publicKey: raw, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([spki, publicKey]), format: 'der', type: 'spki' });
  return check(null, message, key, signature);
}

/** Stands for the check of libs/platform: here only the all-zero key is unusable. */
export const isUsable = (key: Uint8Array): boolean => key.some((byte) => byte !== 0);
