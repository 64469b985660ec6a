import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { generateSigningKey } from '#platform';
import { devIssuer } from './issuer.js';

const options = { issuer: 'http://127.0.0.1:7406', audience: 'http://127.0.0.1:7401', key: generateSigningKey() };

describe('the development issuer', () => {
  it('mints access tokens that its own JWKS verifies', async () => {
    const issuer = devIssuer(options);
    const { payload, protectedHeader } = await jwtVerify(await issuer.mint('alice'), createLocalJWKSet(await issuer.jwks()), {
      issuer: options.issuer,
      audience: options.audience,
      typ: 'at+jwt',
    });
    expect(payload.sub).toBe('alice');
    expect(protectedHeader.alg).toBe('EdDSA');
  });

  it('publishes nothing of the private key', async () => {
    const [jwk] = (await devIssuer(options).jwks()).keys;
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });

  it('moves with the clock of the service', async () => {
    const issuer = devIssuer({ ...options, clockOffsetDays: 40 });
    const verify = jwtVerify(await issuer.mint('alice'), createLocalJWKSet(await issuer.jwks()), {
      currentDate: new Date(Date.now() + 40 * 86_400_000),
    });
    await expect(verify).resolves.toMatchObject({ payload: { sub: 'alice' } });
  });
});
