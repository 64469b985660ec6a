/** A provider's signing key and the SETs it would send, for specs. */
import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, SignJWT } from 'jose';
import { noticeTypes } from '#contracts';
import { NoticeVerifier } from './verify-notice.js';
import type { NoticeVerifierOptions } from './verify-notice.js';

export const issuer = 'https://provider.example';
export const audience = 'https://hub.example';
export const pseudonym = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
export const now = new Date('2026-11-30T23:59:50Z');

const pairs = { EdDSA: generateKeyPairSync('ed25519'), ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }) } as const;
export const jwks = {
  keys: Object.entries(pairs).map(([alg, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid: `key-${alg}`, alg })),
};

export interface SetOptions {
  readonly alg?: keyof typeof pairs;
  readonly header?: Readonly<Record<string, unknown>>;
  /** undefined takes a claim away */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export function signedSet({ alg = 'EdDSA', header = {}, claims = {} }: SetOptions = {}): Promise<string> {
  const all = {
    iss: issuer,
    aud: audience,
    iat: Math.floor(now.getTime() / 3_600_000) * 3_600,
    jti: 'j1',
    txn: 't1',
    sub_id: { format: 'uri', uri: pseudonym },
    events: { [noticeTypes.accountDisabled]: {} },
    ...claims,
  };
  return new SignJWT(all)
    .setProtectedHeader({ typ: 'secevent+jwt', alg, kid: `key-${alg}`, ...header } as { alg: string })
    .sign(pairs[alg].privateKey);
}

export const verifier = (more: Partial<NoticeVerifierOptions> = {}): NoticeVerifier =>
  new NoticeVerifier({ issuer, audience, keys: createLocalJWKSet(jwks), now: () => now, ...more });
