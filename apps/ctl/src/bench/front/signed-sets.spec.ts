import { describe, expect, it } from '@jest/globals';
import { eventTypes, fromBase64Url, toBase64Url } from '#contracts';
import { signSet } from '#hub-sdk';
import { generateSigningKey, kidOf } from '#platform';
import { HubKey, verifySet } from '#signals';
import { createPrivateKey } from 'node:crypto';
import { SetSigner } from './signed-sets.js';

const key = generateSigningKey();
const kid = kidOf(key.publicKey);
const hub = { id: 'https://hub.example', operator: 'hub', kid, key, file: '' };
const content = {
  issuer: hub.id,
  audience: 'https://provider.example',
  uri: 'mimi://provider.example/p/someone',
  type: eventTypes.kick,
  payload: { by: 'hub' },
  issuedAt: new Date('2026-01-02T03:04:05Z'),
} as const;
const jwk = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid, x: toBase64Url(key.publicKey) } as const;

describe('a SET signed ahead', () => {
  it('is the one that the hub SDK makes, but for its jti', async () => {
    const { jti, token } = new SetSigner(hub, content.audience).sign(
      content.uri,
      content.type,
      content.payload,
      content.issuedAt,
    );
    const sdk = await signSet({ kid, alg: 'EdDSA', privateKey: createPrivateKey(key.toPem()) }, { ...content, jti });
    const claims = (compact: string) => JSON.parse(Buffer.from(fromBase64Url(compact.split('.')[1]!)).toString()) as unknown;
    expect(claims(token)).toEqual(claims(sdk.token));
    expect(token.split('.')[0]).toBe(sdk.token.split('.')[0]);
  });

  it('passes the intake', async () => {
    const { token } = new SetSigner(hub, content.audience).sign(content.uri, content.type, content.payload, content.issuedAt);
    const known = { id: hub.id, status: 'active' as const, keys: [jwk], revokedKids: [] };
    const rules = { audience: content.audience, now: content.issuedAt, hubOf: () => known, keyOf: () => HubKey.from(jwk) };
    expect((await verifySet(token, rules)).signal).toMatchObject({ hub: hub.id, uri: content.uri, eventType: content.type });
  });
});
