/**
 * What the key of a pseudonym's client signs towards nyms: possession at redemption, renewal, a further client (protocol.md §3,
 * labels in contracts). Ed25519 or ECDSA P-256 (r ‖ s), told apart by the SubjectPublicKeyInfo (RFC 8410 §4, RFC 5480 §2).
 */
import { frame, labels } from '#contracts';
import { plain, sha256 } from './webcrypto.js';

/** New key: over its own SPKI. */
export const possessionMessage = async (uri: string, clientUri: string, spki: Uint8Array): Promise<Uint8Array> =>
  frame(labels.possession, uri, clientUri, await sha256(spki));

/** The pseudonym's first key: into `period`. */
export const renewMessage = (uri: string, period: number): Uint8Array => frame(labels.renew, uri, period);

/** An existing key: over the SPKI of the key it lets in. */
export const addClientMessage = async (uri: string, clientUri: string, newSpki: Uint8Array): Promise<Uint8Array> =>
  frame(labels.addClient, uri, clientUri, await sha256(newSpki));

const prefixes = {
  Ed25519: Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00),
  'P-256': Uint8Array.of(
    ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08],
    ...[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04],
  ),
} as const;
export type ClientKeyType = keyof typeof prefixes;
const lengths = { Ed25519: 44, 'P-256': 91 } as const satisfies Record<ClientKeyType, number>;

/** Kind of a DER SubjectPublicKeyInfo, or undefined when it is neither; only this one encoding of each is taken. */
export function clientKeyType(spki: Uint8Array): ClientKeyType | undefined {
  const types = Object.keys(prefixes) as ClientKeyType[];
  return types.find((type) => spki.length === lengths[type] && prefixes[type].every((byte, at) => spki[at] === byte));
}

const algorithms = {
  Ed25519: { import: { name: 'Ed25519' }, use: { name: 'Ed25519' } },
  'P-256': { import: { name: 'ECDSA', namedCurve: 'P-256' }, use: { name: 'ECDSA', hash: 'SHA-256' } },
} as const;

/** False for a wrong signature and for anything that is no such key. `signature` is 64 bytes for both kinds. */
export async function verifyClientSignature(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const type = clientKeyType(spki);
  if (!type || signature.length !== 64) return false;
  try {
    const key = await crypto.subtle.importKey('spki', plain(spki), algorithms[type].import, false, ['verify']);
    return await crypto.subtle.verify(algorithms[type].use, key, plain(signature), plain(message));
  } catch {
    return false;
  }
}

export interface ClientSigner {
  readonly type: ClientKeyType;
  /** SubjectPublicKeyInfo, DER */
  readonly spki: Uint8Array;
  /** 64 bytes */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A fresh client key: PKCS #8 and SPKI, both DER. WebCrypto cannot derive the second from the first, so keep both. */
export async function generateClientKey(type: ClientKeyType): Promise<{ pkcs8: Uint8Array; spki: Uint8Array }> {
  const pair = (await crypto.subtle.generateKey(algorithms[type].import, true, ['sign', 'verify'])) as CryptoKeyPair;
  return {
    pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
  };
}

/** Throws RangeError when `spki` is of no known kind, DOMException when `pkcs8` does not fit it. */
export async function importClientSigner(pkcs8: Uint8Array, spki: Uint8Array): Promise<ClientSigner> {
  const type = clientKeyType(spki);
  if (!type) throw new RangeError('neither an Ed25519 nor a P-256 key');
  const key = await crypto.subtle.importKey('pkcs8', plain(pkcs8), algorithms[type].import, false, ['sign']);
  const sign = async (message: Uint8Array) => new Uint8Array(await crypto.subtle.sign(algorithms[type].use, key, plain(message)));
  return { type, spki, sign };
}
