import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { HubKey } from './hub-key.js';
import { hubSigner } from './hub.fixture.js';

const { jwk } = hubSigner();
const jwkOf = (publicKey: { export(options: { format: 'jwk' }): object }) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid: 'k',
});

describe("a hub's key", () => {
  it('keeps only its public members', () => {
    expect(HubKey.from({ ...jwk, use: 'sig', note: 'x', x5c: ['y'] })?.jwk).toEqual({
      kid: jwk.kid,
      alg: 'EdDSA',
      kty: 'OKP',
      crv: 'Ed25519',
      x: jwk['x'],
    });
  });

  it.each([
    ['private', { ...jwk, d: 'AAAA' }],
    ['for encryption', { ...jwk, use: 'enc' }],
    ['for signing only', { ...jwk, key_ops: ['sign'] }],
    ['for another algorithm', { ...jwk, alg: 'ES256' }],
    ['symmetric', { kty: 'oct', k: 'AAAA', kid: 'k', alg: 'HS256' }],
    ['of small order', { ...jwk, x: Buffer.alloc(32).toString('base64url') }],
    ['not on its curve', { kty: 'EC', crv: 'P-256', kid: 'k', x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['on another curve', jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['RSA of 1024 bits', jwkOf(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey)],
    ['RSA with exponent 3', jwkOf(generateKeyPairSync('rsa', { modulusLength: 2_048, publicExponent: 3 }).publicKey)],
    ['without a kid', { ...jwk, kid: undefined }],
    ['named with control characters', { ...jwk, kid: 'a\u0000' }],
    ['of a wrong type', { ...jwk, x: 7 }],
  ])('is not used when it is %s', (_, raw) => {
    expect(HubKey.from(raw)).toBeUndefined();
  });

  it('needs no alg of its own: its kind gives it', () => {
    expect(HubKey.from(jwkOf(generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey))?.jwk.alg).toBe('RS256');
  });
});
