import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { eventTypes, setMaxBytes, toBase64Url } from '#contracts';
import { AUDIENCE, goodClaims, HUB, hubEntry, hubSigner, NOW, part, PSEUDONYM, rulesFor, signSet } from './hub.fixture.js';
import type { Alg } from './hub.fixture.js';
import { SetRefused } from './signal.js';
import { setHashOf, verifySet } from './verify-set.js';

const signer = hubSigner();
const hub = hubEntry([signer]);
const seconds = NOW.getTime() / 1_000;

async function errOf(token: string, rules = rulesFor(hub)): Promise<string> {
  try {
    await verifySet(token, rules);
  } catch (error) {
    if (error instanceof SetRefused) return error.err;
    throw error;
  }
  return 'taken';
}
const withClaims = (more: object, without: string[] = []): string => {
  const claims: Record<string, unknown> = { ...goodClaims(), ...more };
  for (const name of without) delete claims[name];
  return signSet(signer, claims);
};

describe('a SET of a hub', () => {
  it.each<Alg>(['EdDSA', 'ES256', 'RS256'])('is taken when it is signed with %s, with the key that verified it', async (alg) => {
    const own = hubSigner(alg);
    const token = signSet(own, { ...goodClaims(), txn: 'case-7', unknown: ['ignored'] });
    const { signal, jwk, setHash } = await verifySet(token, rulesFor(hubEntry([own])));
    expect(signal).toEqual({
      hub: HUB,
      jti: 'set-1',
      uri: PSEUDONYM,
      eventType: eventTypes.abuseReport,
      payload: { reason: 'spam', hubVerified: true },
      issuedAt: seconds,
    });
    expect(jwk).toMatchObject({ kid: `k-${alg}`, alg });
    expect(setHash).toEqual(setHashOf(token));
  });

  it('names what it takes back', async () => {
    const events = { [eventTypes.retract]: { jti: 'set-0' } };
    expect((await verifySet(withClaims({ events }), rulesFor(hub))).signal.names).toBe('set-0');
    const other = { [eventTypes.abuseReport]: { jti: 'set-0' } };
    expect((await verifySet(withClaims({ events: other }), rulesFor(hub))).signal.names).toBeUndefined();
  });

  it('may name several audiences, and an event type nobody knows', async () => {
    expect(await errOf(withClaims({ aud: ['https://else.example', AUDIENCE] }))).toBe('taken');
    expect(await errOf(withClaims({ events: { 'urn:other:event': {} } }))).toBe('taken');
  });

  it.each([
    ['5 minutes ahead', seconds + 300, 'taken'],
    ['a second more', seconds + 301, 'invalid_request'],
    ['7 days back', seconds - 604_800, 'taken'],
    ['a second more', seconds - 604_801, 'invalid_request'],
    ['a fraction', seconds + 0.5, 'invalid_request'],
    ['text', String(seconds), 'invalid_request'],
  ])('may be issued at most 5 minutes ahead and 7 days back: %s', async (_, iat, expected) => {
    expect(await errOf(withClaims({ iat }))).toBe(expected);
  });

  it('keeps its age out of it for who verifies it later', async () => {
    expect(await errOf(withClaims({ iat: 1 }), rulesFor(hub, { now: undefined }))).toBe('taken');
  });

  it.each([
    ['sub', { sub: 'someone' }, []],
    ['an empty sub', { sub: null }, []],
    ['exp', { exp: seconds + 60 }, []],
    ['two events', { events: { [eventTypes.kick]: { by: 'hub' }, [eventTypes.ban]: { by: 'hub' } } }, []],
    ['no event', { events: {} }, []],
    ['events in a list', { events: [{ a: {} }] }, []],
    ['an event that is no object', { events: { [eventTypes.kick]: 'hub' } }, []],
    ['a subject in another format', { sub_id: { format: 'opaque', id: 'x' } }, []],
    ['a subject that is no mimi URI', { sub_id: { format: 'uri', uri: 'https://provider.example/p/abc' } }, []],
    ['no subject', {}, ['sub_id']],
    ['no jti', {}, ['jti']],
    ['no iat', {}, ['iat']],
    ['no iss', {}, ['iss']],
    ['a jti with a NUL, which no row can hold', { jti: 'a\u0000b' }, []],
    ['a jti of 129 characters', { jti: 'j'.repeat(129) }, []],
    ['a subject with half a surrogate pair', { sub_id: { format: 'uri', uri: 'mimi://a\ud800' } }, []],
  ])('is an invalid request with %s', async (_, more, without) => {
    expect(await errOf(withClaims(more, without))).toBe('invalid_request');
  });

  it.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['two parts', 'a.b'],
    ['four parts', `${signSet(signer)}.x`],
    ['another alphabet', signSet(signer).replaceAll('-', '+').replaceAll('_', '/').concat('=')],
    ['a header that is no JSON', `${part('{')}.${part({})}.AAAA`],
    ['a header that is a list', `${part([])}.${part({})}.AAAA`],
    ['a payload that is text', signSet(signer, 'text' as unknown as object)],
    ['another typ', signSet(signer, goodClaims(), { typ: 'JWT' })],
    ['no typ', signSet(signer, goodClaims(), { typ: undefined })],
    ['a critical extension', signSet(signer, goodClaims(), { crit: ['b64'], b64: true })],
    ['more than 64 KiB', signSet(signer, { ...goodClaims(), filler: 'x'.repeat(setMaxBytes) })],
  ])('is an invalid request when it is %s', async (_, token) => {
    expect(await errOf(token)).toBe('invalid_request');
  });

  it('is not authentic without a signature, with one of another key or under a shared secret', async () => {
    const [header, payload, signature] = signSet(signer).split('.') as [string, string, string];
    const none = part({ typ: 'secevent+jwt', alg: 'none', kid: signer.jwk.kid });
    const hs = part({ typ: 'secevent+jwt', alg: 'HS256', kid: signer.jwk.kid });
    const mac = createHmac('sha256', String(signer.jwk['x'])).update(`${hs}.${payload}`).digest();
    const tokens = [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${hs}.${payload}.${toBase64Url(mac)}`,
      signSet(hubSigner('EdDSA', signer.jwk.kid)),
      signSet(signer, goodClaims(), { kid: 'unknown' }),
      signSet(signer, goodClaims(), { kid: undefined }),
      signSet(hubSigner('ES256', signer.jwk.kid)),
    ];
    for (const token of tokens) expect(await errOf(token)).toBe('authentication_failed');
  });

  it('does not choose its own key', async () => {
    const stranger = hubSigner('EdDSA', signer.jwk.kid);
    for (const header of [{ jwk: stranger.jwk }, { jku: 'https://evil.example/jwks' }, { x5c: ['AAAA'] }]) {
      expect(await errOf(signSet(stranger, goodClaims(), header))).toBe('authentication_failed');
    }
  });

  it('has an invalid key when that is revoked (RFC 8935 figure 3)', async () => {
    expect(await errOf(signSet(signer), rulesFor({ ...hub, revokedKids: [signer.jwk.kid] }))).toBe('invalid_key');
  });

  it.each([
    ['another', 'https://other.example'],
    ['a list of others', ['https://other.example']],
    ['an empty list', []],
    ['a number', 7],
  ])('is for somebody else with %s aud', async (_, aud) => {
    expect(await errOf(withClaims({ aud }))).toBe('invalid_audience');
  });

  it('has an invalid issuer when the policy names no such hub, whatever else is wrong', async () => {
    expect(await errOf(withClaims({ iss: 'https://stranger.example', sub: 'x', aud: 'y' }))).toBe('invalid_issuer');
    expect(await errOf(withClaims({ iss: `${HUB}/` }))).toBe('invalid_issuer');
  });

  it('tells only the hub itself that it is suspended', async () => {
    const suspended = rulesFor({ ...hub, status: 'suspended' });
    expect(await errOf(signSet(signer), suspended)).toBe('access_denied');
    expect(await errOf(signSet(hubSigner('EdDSA', signer.jwk.kid)), suspended)).toBe('authentication_failed');
    expect(await errOf(withClaims({ exp: 1 }), suspended)).toBe('invalid_request');
  });

  it('is refused after any single bit has flipped', async () => {
    const token = signSet(signer);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const flipped = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
        expect(await errOf(token.slice(0, at) + flipped + token.slice(at + 1))).not.toBe('taken');
      }),
      { numRuns: 60 },
    );
  });

  it('is refused with words of ours, whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (text) => {
        const refusals = [
          text,
          `${part(text)}.${part(text)}.${part(text)}`,
          signSet(signer, { ...goodClaims(), jti: text + '\n' }),
        ];
        for (const token of refusals) {
          const error = await verifySet(token, rulesFor(hub)).catch((caught: unknown) => caught);
          expect(error).toBeInstanceOf(SetRefused);
          expect((error as SetRefused).description).toMatch(/^[\x20-\x7e…]{5,100}$/);
        }
      }),
      { numRuns: 40 },
    );
  });
});
