import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { Secret } from '#platform';
import { SetKeys } from './set-keys.js';

const pem = ({ privateKey }: { privateKey: KeyObject }): string => privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const ed = () => pem(generateKeyPairSync('ed25519'));
const p256 = () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2_048 }));
const open = (...pems: string[]) => SetKeys.open(new Secret(pems.join('')));

describe('the keys of notices', () => {
  it.each(['EdDSA', 'ES256', 'RS256'] as const)('sign %s as any library verifies it', async (alg) => {
    const keys = open(ed(), p256(), rsa);
    const token = keys.sign(alg, { iss: 'https://provider.example', jti: 'x' });
    const verified = await jwtVerify(token, createLocalJWKSet({ keys: keys.jwks } as unknown as JSONWebKeySet), {
      typ: 'secevent+jwt',
    });
    expect([verified.protectedHeader.alg, verified.payload.jti]).toEqual([alg, 'x']);
  });

  it('sign with the first of a kind and publish the others, too', () => {
    const [old, fresh] = [ed(), ed()];
    const before = open(old);
    const after = open(fresh, old, p256());
    const kidOf = (keys: SetKeys) =>
      (JSON.parse(Buffer.from(keys.sign('EdDSA', {}).split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
    expect(kidOf(after)).not.toBe(kidOf(before));
    expect(after.jwks.map(({ kid }) => kid)).toContain(kidOf(before));
    expect(after.algorithms).toEqual(['EdDSA', 'ES256']);
  });

  it('are of kinds that are strong enough', () => {
    const weak = [
      'hello',
      pem(generateKeyPairSync('rsa', { modulusLength: 1_024 })),
      pem(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
      ed() + pem(generateKeyPairSync('x25519')),
    ];
    for (const text of weak) expect(() => open(text)).toThrow(/NYMS_SET_KEYS_FILE/);
  });
});
