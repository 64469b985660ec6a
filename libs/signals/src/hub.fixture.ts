/** A hub that can sign anything, right or wrong, for the specs of this lib. Keys are made afresh. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { eventTypes, toBase64Url, utf8 } from '#contracts';
import type { HubEntry } from '#contracts';
import { HubKeys } from './hub-keys.js';
import type { SetRules } from './verify-set.js';

export const AUDIENCE = 'https://nyms.provider.example';
export const HUB = 'https://hub.example';
export const NOW = new Date('2026-11-23T12:00:00Z');
export const PSEUDONYM = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';

export type Alg = HubEntry['keys'][number]['alg'];
const pairs = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
};

export interface HubSigner {
  readonly alg: Alg;
  readonly jwk: HubEntry['keys'][number];
  readonly privateKey: KeyObject;
}

export function hubSigner(alg: Alg = 'EdDSA', kid = `k-${alg}`): HubSigner {
  const { publicKey, privateKey } = pairs[alg]();
  return { alg, privateKey, jwk: { ...(publicKey.export({ format: 'jwk' }) as { kty: string }), kid, alg } };
}

export const hubEntry = (signers: readonly HubSigner[], more: Partial<HubEntry> = {}): HubEntry => ({
  id: HUB,
  operator: 'hub-one',
  trust: 100,
  since: '2026-01-01',
  status: 'active',
  keys: signers.map(({ jwk }) => jwk),
  revokedKids: [],
  ...more,
});

export const rulesFor = (hub: HubEntry, more: Partial<SetRules> = {}): SetRules => {
  const keys = new HubKeys();
  return {
    audience: AUDIENCE,
    now: NOW,
    hubOf: (issuer) => (issuer === hub.id ? hub : undefined),
    keyOf: (known, kid) => keys.keyOf(known, kid),
    ...more,
  };
};

export const goodClaims = () => ({
  iss: HUB,
  aud: AUDIENCE as unknown,
  iat: NOW.getTime() / 1_000,
  jti: 'set-1',
  sub_id: { format: 'uri', uri: PSEUDONYM } as unknown,
  events: { [eventTypes.abuseReport]: { reason: 'spam', hubVerified: true } } as unknown,
});

export const part = (value: unknown): string => toBase64Url(utf8(typeof value === 'string' ? value : JSON.stringify(value)));

/** Signs as it is told: members of the header and claims of the wrong kind too. */
export function signSet(signer: HubSigner, claims: object = goodClaims(), header: object = {}): string {
  const input = `${part({ typ: 'secevent+jwt', alg: signer.alg, kid: signer.jwk.kid, ...header })}.${part(claims)}`;
  const key = signer.alg === 'ES256' ? { key: signer.privateKey, dsaEncoding: 'ieee-p1363' as const } : signer.privateKey;
  return `${input}.${toBase64Url(sign(signer.alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), key))}`;
}
