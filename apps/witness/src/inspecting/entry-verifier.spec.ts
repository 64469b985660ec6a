import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, eventTypes, frame, labels, Problem, toBase64Url, type HubEntry, type SignalStatement } from '#contracts';
import { signSet } from '#hub-sdk';
import { generateSigningKey } from '#platform';
import { defaultPolicy } from '#policy';
import type { HubKey } from '#signals';
import { decisionHashOf, HubKeys, setHashOf } from '#signals';
import type { StoredRuling } from '#tallies';
import { EntryVerifier, KeysAway } from './entry-verifier.js';

const hub = 'https://hub.example';
const audience = 'https://p.example';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const jwk = { ...(publicKey.export({ format: 'jwk' }) as { kty: string }), kid: 'k1', alg: 'EdDSA' as const };
const moderator = generateSigningKey();

const policyWith = (change: Partial<HubEntry> = {}) =>
  defaultPolicy({
    domain: 'p.example',
    audience,
    hubs: [
      { id: hub, operator: 'op', trust: 100, since: '2025-01-01', status: 'active', keys: [jwk], revokedKids: [], ...change },
    ],
    moderators: [{ id: 'mod-1', key: toBase64Url(moderator.publicKey) }],
  });
const remote = policyWith({ keys: [], jwksUrl: `${hub}/jwks` });
const noMemory = { keySeen: () => Promise.resolve(undefined) };
const remembers = { keySeen: (from: string, kid: string) => Promise.resolve(from === hub && kid === 'k1' ? jwk : undefined) };
const jwks = (fetchKeys: () => Promise<HubKey[]>) => new HubKeys({ fetchKeys });
const away = () => Promise.reject(new Problem('service-unavailable'));

async function entry(change: { audience?: string; jti?: string; token?: string | null } = {}) {
  const content = {
    issuer: hub,
    uri: 'mimi://p.example/p/x',
    type: eventTypes.kick,
    payload: { by: 'hub' },
    issuedAt: new Date('2020-01-01'),
  };
  const { token } = await signSet({ kid: 'k1', alg: 'EdDSA', privateKey }, { audience, ...content, jti: 'j1', ...change });
  return { hub, jti: 'j1', setHash: setHashOf(token), token, ...('token' in change && { token: change.token ?? null }) };
}

describe('verifier of a manifest’s SETs', () => {
  const verifier = new EntryVerifier(new HubKeys(), noMemory);

  it('takes what the hub signed, however old it is, and says by which key', async () => {
    expect(await verifier.set(await entry(), policyWith())).toEqual({ jwk });
  });

  it('objects to what is gone, altered, or not signed by a key of the hub', async () => {
    const good = await entry();
    expect(await verifier.set({ ...good, token: null }, policyWith())).toEqual({ objection: 'missing' });
    expect(await verifier.set({ ...good, token: `${good.token}x` }, policyWith())).toEqual({ objection: 'altered' });
    expect(await verifier.set({ ...good, jti: 'j2' }, policyWith())).toEqual({ objection: 'altered' });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as { kty: string };
    const unverified = [
      policyWith({ keys: [{ ...other, kid: 'k1', alg: 'EdDSA' }] }),
      policyWith({ revokedKids: ['k1'] }),
      policyWith({ id: 'https://other.example' }),
      policyWith({ keys: [{ ...jwk, kid: 'k2' }] }),
    ];
    for (const policy of unverified) expect(await verifier.set(good, policy)).toEqual({ objection: 'unverified' });
    expect(await verifier.set(await entry({ audience: 'https://q.example' }), policyWith())).toEqual({ objection: 'unverified' });
  });

  it('leaves a suspended hub to the policy', async () => {
    expect(await verifier.set(await entry(), policyWith({ status: 'suspended' }))).toEqual({ jwk: null });
  });

  it('uses the key it saw before when the hub’s JWKS has dropped it or cannot be had', async () => {
    const good = await entry();
    expect(
      await new EntryVerifier(
        jwks(() => Promise.resolve([])),
        remembers,
      ).set(good, remote),
    ).toEqual({ jwk });
    expect(await new EntryVerifier(jwks(away), remembers).set(good, remote)).toEqual({ jwk });
    expect(
      await new EntryVerifier(
        jwks(() => Promise.resolve([])),
        noMemory,
      ).set(good, remote),
    ).toEqual({ objection: 'unverified' });
  });

  it('asks to come again while nobody knows the key', async () => {
    await expect(new EntryVerifier(jwks(away), noMemory).set(await entry(), remote)).rejects.toThrow(KeysAway);
  });
});

describe('verifier of moderators’ decisions', () => {
  const verifier = new EntryVerifier(new HubKeys(), noMemory);
  const statement: SignalStatement = {
    v: 1,
    id: 'A'.repeat(22),
    by: 'mod-1',
    case: 'c',
    reason: 'r',
    day: 20_000,
    type: 'release-signal',
    hub,
    jti: 'j1',
  };
  const signed = (body: SignalStatement, key = moderator): StoredRuling => ({
    hub,
    jti: 'j1',
    decisionHash: decisionHashOf(body),
    body,
    signature: toBase64Url(key.sign(frame(labels.statement, canonicalBytes(body)))),
  });

  it('takes what a moderator of the policy signed about this SET', () => {
    expect(verifier.decision(signed(statement), policyWith())).toBe(true);
  });

  it('takes nothing else', () => {
    const wrong: StoredRuling[] = [
      signed(statement, generateSigningKey()),
      signed({ ...statement, by: 'mod-2' }),
      signed({ ...statement, jti: 'j2' }),
      { ...signed(statement), body: { ...statement, reason: 'another' } },
      { ...signed(statement), body: null, signature: null },
      { ...signed(statement), signature: '*' },
      { ...signed(statement), decisionHash: new Uint8Array(32) },
    ];
    expect(wrong.filter((one) => verifier.decision(one, policyWith()))).toEqual([]);
  });
});
