import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '#policy';
import { keysFrom, transmitterOf, withExpectedRate, withHub, withHubStatus } from './hub-draft.js';

const policy = defaultPolicy({ domain: 'p.example', audience: 'https://p.example' });
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'k1', alg: 'EdDSA' } as const;
const hub = {
  id: 'https://a.example',
  operator: 'a',
  trust: 100,
  since: '2026-01-01',
  status: 'active',
  keys: [jwk],
  revokedKids: [],
} as const;
const entry = { ...hub, keys: [jwk], revokedKids: [] };

describe('hubs in a draft', () => {
  it('are added once', () => {
    const added = withHub(policy, entry);
    expect(added.hubs).toEqual([entry]);
    expect(() => withHub(added, entry)).toThrow(/already/);
  });

  it('are suspended by id, the others untouched', () => {
    const two = withHub(withHub(policy, entry), { ...entry, id: 'https://b.example' });
    expect(withHubStatus(two, 'https://b.example', 'suspended').hubs.map(({ status }) => status)).toEqual([
      'active',
      'suspended',
    ]);
    expect(() => withHubStatus(two, 'https://c.example', 'suspended')).toThrow(/not in the policy/);
  });

  it('have an expected rate, or none', () => {
    const one = withHub(policy, entry);
    const expecting = withExpectedRate(one, entry.id, '400');
    expect(expecting.hubs).toEqual([{ ...entry, expectedPerEpoch: 400 }]);
    expect(withExpectedRate(expecting, entry.id, 'estimate')).toEqual(one);
    for (const text of ['0', '-1', '1.5', 'many']) expect(() => withExpectedRate(one, entry.id, text)).toThrow(/no number/);
  });

  it('have a transmitter only with the id of its stream', () => {
    expect(transmitterOf({})).toEqual({});
    const pollUrl = 'https://a.example/poll';
    expect(transmitterOf({ streamId: 's', pollUrl })).toEqual({ transmitter: { streamId: 's', pollUrl } });
    expect(() => transmitterOf({ pollUrl })).toThrow(/has no id/);
    expect(() => transmitterOf({ verificationUrl: pollUrl })).toThrow(/has no id/);
  });

  it('bring keys as a JWK or a JWKS', () => {
    expect(keysFrom(JSON.stringify(jwk))).toEqual([jwk]);
    expect(keysFrom(JSON.stringify({ keys: [jwk] }))).toEqual([jwk]);
  });

  it('never bring a private key', () => {
    expect(() => keysFrom(JSON.stringify({ ...jwk, d: 'AA' }))).toThrow(/private key/);
    expect(() => keysFrom('not json')).toThrow(/not JSON/);
  });
});
