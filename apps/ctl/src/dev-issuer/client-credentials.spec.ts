import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { toBase64Url } from '#contracts';
import { generateSigningKey } from '#platform';
import { devIssuer } from './issuer.js';

const hub = 'https://hub.example';
const key = generateSigningKey();
const jwk = { kid: 'k1', alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.publicKey) };
const issuer = devIssuer({
  issuer: 'http://127.0.0.1:7406',
  audience: 'http://127.0.0.1:7401',
  streamAudience: 'http://127.0.0.1:7402',
  key: generateSigningKey(),
  clientKeys: (id) => (id === hub ? { keys: [jwk] } : undefined),
});

async function form(more: Record<string, string | undefined> = {}, claims: object = {}, by = key): Promise<URLSearchParams> {
  const now = Math.floor(Date.now() / 1_000);
  const assertion = await new SignJWT({
    iss: hub,
    sub: hub,
    aud: 'http://127.0.0.1:7406/token',
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
    .sign(createPrivateKey(by.toPem()));
  const members = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...more,
  };
  return new URLSearchParams(Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

describe('the client-credentials grant', () => {
  it('gives a hub that shows its key a token for nyms', async () => {
    const { token, scope } = await issuer.grant(await form({ scope: 'ssf.read' }));
    expect(scope).toBe('ssf.read');
    const { payload } = await jwtVerify(token, createLocalJWKSet(await issuer.jwks()), { audience: 'http://127.0.0.1:7402' });
    expect(payload).toMatchObject({ client_id: hub, scope: 'ssf.read' });
    expect(payload.exp! - payload.iat!).toBe(3_600);
    expect((await issuer.grant(await form())).scope).toBe('ssf.manage ssf.read');
  });

  it('refuses other keys, clients, audiences, times, scopes and grants', async () => {
    const error = async (made: Promise<URLSearchParams>) =>
      issuer.grant(await made).catch((thrown: { error: string }) => thrown.error);
    expect(await error(form({}, {}, generateSigningKey()))).toBe('invalid_client');
    expect(await error(form({}, { iss: 'https://other.example' }))).toBe('invalid_client');
    expect(await error(form({}, { sub: 'https://other.example' }))).toBe('invalid_client');
    expect(await error(form({}, { aud: 'https://other.example' }))).toBe('invalid_client');
    expect(await error(form({}, { iat: 1_000, exp: 2_000 }))).toBe('invalid_client');
    expect(await error(form({ client_assertion: 'x' }))).toBe('invalid_client');
    expect(await error(form({ client_assertion: undefined }))).toBe('invalid_request');
    expect(await error(form({ scope: 'everything' }))).toBe('invalid_scope');
    expect(await error(form({ grant_type: 'password' }))).toBe('unsupported_grant_type');
  });
});
