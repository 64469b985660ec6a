/**
 * A hub's public key for SETs: an allow-list of algorithms, each with one kind of key (RFC 7518, RFC 8037). The key's own
 * algorithm decides, never the token's header alone. Reduced to its public members, so that nothing else of a JWK is ever stored.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { fromBase64Url } from '#contracts';
import { isUsablePublicKey } from '#platform';

const algorithms = ['EdDSA', 'ES256', 'RS256'] as const;
export type SetAlgorithm = (typeof algorithms)[number];
export const isSetAlgorithm = (alg: unknown): alg is SetAlgorithm => algorithms.some((known) => known === alg);

export type PublicJwk = { readonly kid: string; readonly alg: SetAlgorithm } & (
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
);

const RSA_BITS = { least: 2_048, most: 8_192 } as const;
/** Printable without spaces: a kid is compared, logged by nobody and stored in JSONB, which has no NUL. */
const kidText = /^[\x21-\x7e]{1,128}$/;

/** A key ready to verify with. */
export class HubKey {
  private constructor(
    readonly jwk: PublicJwk,
    private readonly key: KeyObject,
  ) {}

  /** undefined for a key we don't use: other kinds and sizes, a private key, one meant for something else. */
  static from(raw: Readonly<Record<string, unknown>>): HubKey | undefined {
    if ('d' in raw || (raw['use'] !== undefined && raw['use'] !== 'sig')) return undefined;
    if (Array.isArray(raw['key_ops']) && !raw['key_ops'].includes('verify')) return undefined;
    const jwk = publicMembers(raw);
    if (!jwk || (raw['alg'] !== undefined && raw['alg'] !== jwk.alg)) return undefined;
    try {
      const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
      return isStrong(jwk, key) ? new HubKey(jwk, key) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The token's algorithm must be the key's. ECDSA signatures are r ‖ s (RFC 7518 §3.4). */
  verifies(alg: SetAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
    if (alg !== this.jwk.alg) return false;
    if (alg === 'RS256') return verify('sha256', message, this.key, signature);
    if (signature.length !== 64) return false;
    return alg === 'EdDSA'
      ? verify(null, message, this.key, signature)
      : verify('sha256', message, { key: this.key, dsaEncoding: 'ieee-p1363' }, signature);
  }
}

function publicMembers(raw: Readonly<Record<string, unknown>>): PublicJwk | undefined {
  const { kid, kty, crv, x, y, n, e } = raw;
  if (typeof kid !== 'string' || !kidText.test(kid)) return undefined;
  if (kty === 'OKP' && crv === 'Ed25519' && isText(x)) return { kid, alg: 'EdDSA', kty, crv, x };
  if (kty === 'EC' && crv === 'P-256' && isText(x) && isText(y)) return { kid, alg: 'ES256', kty, crv, x, y };
  if (kty === 'RSA' && isText(n) && isText(e)) return { kid, alg: 'RS256', kty, n, e };
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9_-]{1,2000}$/.test(value);

function isStrong(jwk: PublicJwk, key: KeyObject): boolean {
  if (jwk.kty === 'OKP') return isUsablePublicKey(fromBase64Url(jwk.x));
  if (jwk.kty === 'EC') return true;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  // exponents above 2^32 - 1 only make us work
  return (
    modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most && publicExponent >= 65_537n && publicExponent < 2n ** 32n
  );
}
