/**
 * Ed25519 (RFC 8032) over raw 32-byte keys with node:crypto. Knows no labels: callers frame what they sign.
 * Public keys of small order are refused, because under them one signature fits many messages. Importing a key costs as much as
 * half a verification, so imported keys are kept, a bounded number of them.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as cryptoSign,
  verify as cryptoVerify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { fromBase64Url } from '#contracts';

/** DER in front of the raw bytes (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const MOST_CACHED = 4_096;

/** y-coordinates of the eight points of small order and their second encodings, without the sign bit (little-endian hex). */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** A private key that does not print. `publicKey` is 32 raw bytes. */
export class SigningKey {
  readonly publicKey: Uint8Array;
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519') throw new RangeError('not an Ed25519 private key');
    this.#key = key;
    this.publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length));
  }

  /** 64 bytes; the same message gives the same signature. */
  sign(message: Uint8Array): Uint8Array {
    return new Uint8Array(cryptoSign(null, message, this.#key));
  }

  /** PKCS #8, for a secret file. */
  toPem(): string {
    return this.#key.export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return 'SigningKey([secret])';
  }
}

export const generateSigningKey = (): SigningKey => new SigningKey(generateKeyPairSync('ed25519').privateKey);

/** From the 32-byte seed of RFC 8032. */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes');
  return new SigningKey(createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' }));
}

export const signingKeyFromPem = (pem: string): SigningKey => new SigningKey(createPrivateKey(pem));

export const sign = (key: SigningKey, message: Uint8Array): Uint8Array => key.sign(message);

/** False for whatever does not fit: wrong lengths and unusable keys are answers, not errors. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const key = importPublicKey(publicKey);
  return key !== undefined && cryptoVerify(null, message, key, signature);
}

/** @param signature base64url. False for anything that is not this key's signature over these bytes. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: string): boolean {
  try {
    return verify(publicKey, message, fromBase64Url(signature));
  } catch {
    return false; // not base64url
  }
}

/** Name of a public key: base64url of the first 8 bytes of its SHA-256. */
export const kidOf = (publicKey: Uint8Array): string =>
  createHash('sha256').update(publicKey).digest().subarray(0, 8).toString('base64url');

/** `verify` on a thread of Node's own pool: for whoever checks thousands and has other work for its thread meanwhile. */
export function verifyInBackground(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const key = signature.length === 64 ? importPublicKey(publicKey) : undefined;
  if (!key) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    cryptoVerify(null, message, key, signature, (error, isValid) => (error ? reject(error) : resolve(isValid)));
  });
}

/** Is this a key that may be stored and trusted to mean one signer? */
export const isUsablePublicKey = (publicKey: Uint8Array): boolean => importPublicKey(publicKey) !== undefined;

/** Least recently used first: a Map keeps insertion order. */
const cache = new Map<string, KeyObject>();

function importPublicKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== 32) return undefined;
  const id = Buffer.from(raw).toString('hex');
  const known = cache.get(id);
  if (known) {
    cache.delete(id);
    cache.set(id, known);
    return known;
  }
  const unsigned = Buffer.from(raw);
  unsigned[31]! &= 0x7f;
  if (smallOrder.has(unsigned.toString('hex'))) return undefined;
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  cache.set(id, key);
  const [oldest] = cache.keys();
  if (cache.size > MOST_CACHED && oldest !== undefined) cache.delete(oldest);
  return key;
}
