/**
 * Ed25519 (RFC 8032) over WebCrypto: holder keys, ticket keys, the day list's root key. Private keys travel as PKCS #8 (RFC 8410),
 * public keys as their 32 bytes.
 */
import { fromBase64Url, toBase64Url } from '#contracts';
import { plain, sha256 } from './webcrypto.js';

export const SIGNATURE_LENGTH = 64;
export const PUBLIC_KEY_LENGTH = 32;

export interface Signer {
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** 64 bytes */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A fresh private key, PKCS #8 DER. */
export async function generateSigningKey(): Promise<Uint8Array> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
}

/** A signer from PKCS #8 DER. Throws DOMException when the bytes are no Ed25519 private key. */
export async function importSigner(pkcs8: Uint8Array): Promise<Signer> {
  const readable = await crypto.subtle.importKey('pkcs8', plain(pkcs8), 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', readable);
  return {
    publicKey: fromBase64Url(x),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', readable, plain(message))),
  };
}

/** False for a wrong signature and for anything that is no key or no signature. */
export async function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== PUBLIC_KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  try {
    const key = await crypto.subtle.importKey('raw', plain(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, plain(signature), plain(message));
  } catch {
    return false;
  }
}

export const KID_LENGTH = 8;

/** Name of a ticket or HPKE key: base64url of the first 8 bytes of SHA-256(public key). */
export const kidOf = async (publicKey: Uint8Array): Promise<string> =>
  toBase64Url((await sha256(publicKey)).subarray(0, KID_LENGTH));
