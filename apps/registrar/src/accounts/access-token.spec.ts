import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, errors, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JSONWebKeySet, JWTPayload } from 'jose';
import { FixedClock } from '#platform';
import { AccessTokens } from './access-token.js';

const clock = new FixedClock('2026-05-04T12:00:00Z');
const now = clock.now().getTime() / 1_000;
const rules = { issuer: 'https://id.example', audience: 'https://accounts.example', clock };
const good: JWTPayload = { iss: rules.issuer, aud: rules.audience, sub: 'alice', iat: now, exp: now + 300 };
const refused = { name: 'Problem', code: 'not-authenticated' };

const keys = new Map<string, { privateKey: CryptoKey; publicKey: CryptoKey }>();
let tokens: AccessTokens;

beforeAll(async () => {
  const jwks: JSONWebKeySet = { keys: [] };
  for (const alg of ['EdDSA', 'ES256', 'RS256', 'PS256']) {
    const pair = await generateKeyPair(alg, { extractable: true });
    keys.set(alg, pair);
    jwks.keys.push({ ...(await exportJWK(pair.publicKey)), kid: alg, use: 'sig' });
  }
  tokens = new AccessTokens(createLocalJWKSet(jwks), rules);
});

const signed = (payload: JWTPayload, alg = 'EdDSA', header = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg, kid: alg, typ: 'at+jwt', ...header }).sign(keys.get(alg)!.privateKey);
const accountOf = async (token: string | Promise<string>) => tokens.accountOf(`Bearer ${await token}`);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  it.each(['EdDSA', 'ES256', 'RS256'])('names the account when %s signs it', async (alg) => {
    await expect(accountOf(signed(good, alg))).resolves.toBe('alice');
  });

  it('is refused without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', ''])
      await expect(accountOf(`${part({ alg })}.${part(good)}.`)).rejects.toMatchObject(refused);
  });

  it('is refused when it is an HMAC under the public key', async () => {
    const pem = await exportSPKI(keys.get('RS256')!.publicKey);
    const head = `${part({ alg: 'HS256', kid: 'RS256' })}.${part(good)}`;
    await expect(accountOf(`${head}.${createHmac('sha256', pem).update(head).digest('base64url')}`)).rejects.toMatchObject(
      refused,
    );
  });

  it('is refused under an algorithm that is not on the list', async () => {
    await expect(accountOf(signed(good, 'PS256'))).rejects.toMatchObject(refused);
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'https://nyms.example' }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['an end in the past', { exp: now - 31 }],
    ['a start in the future', { nbf: now + 31 }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is too long', { sub: 'a'.repeat(256) }],
    ['a subject with a NUL', { sub: 'a\0b' }],
  ])('is refused with %s', async (_, change) => {
    const payload = Object.fromEntries(Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined));
    await expect(accountOf(signed(payload))).rejects.toMatchObject(refused);
  });

  it('is refused when it is a JWT of another kind', async () => {
    await expect(accountOf(signed(good, 'EdDSA', { typ: 'secevent+jwt' }))).rejects.toMatchObject(refused);
    await expect(accountOf(signed(good, 'EdDSA', { typ: 'JWT' }))).resolves.toBe('alice');
  });

  it('is refused by an unknown key, a changed payload, and a header that is none', async () => {
    await expect(accountOf(signed(good, 'EdDSA', { kid: 'other' }))).rejects.toMatchObject(refused);
    const [head, , signature] = (await signed(good)).split('.');
    await expect(accountOf(`${head}.${part({ ...good, sub: 'bob' })}.${signature}`)).rejects.toMatchObject(refused);
    for (const header of [undefined, '', 'Bearer', 'Basic YTpi', 'Bearer a.b.c', `Bearer ${'a'.repeat(9_000)}`])
      await expect(tokens.accountOf(header)).rejects.toMatchObject(refused);
  });

  it('is not judged while the keys cannot be had', async () => {
    for (const error of [new errors.JWKSTimeout(), new TypeError('fetch failed')]) {
      const away = new AccessTokens(() => Promise.reject(error), rules);
      const expected = { name: 'Problem', code: 'service-unavailable' };
      await expect(away.accountOf(`Bearer ${await signed(good)}`)).rejects.toMatchObject(expected);
    }
  });
});
