/** Intake of SETs over HTTP (RFC 8935), on real PostgreSQL: what is taken, what is refused, and how. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventTypes, setMediaType as setType, toBase64Url } from '#contracts';
import { HubKey } from '#signals';
import { startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';
import { part, setSender, unlimited, URI } from '../fakes/set-sender.js';

let world: NymsWorld;
let jwksHub: TestHub & { served: HubKey[]; isAway: boolean };
let revokedHub: TestHub;
beforeAll(async () => {
  jwksHub = Object.assign(testHub('jwks', { keys: [], jwksUrl: 'https://jwks.example/keys' }), {
    served: [] as HubKey[],
    isAway: false,
  });
  revokedHub = testHub('revoked', { revokedKids: ['revoked-1'] });
  const fetchKeys = async () => {
    if (jwksHub.isAway) throw new Error('away');
    return jwksHub.served;
  };
  world = await startNymsWorld({ hubKeys: { fetchKeys, monotonicMs: () => world.clock.now().getTime() } });
  const hubs = [...Object.values(world.hubs), jwksHub, revokedHub].map(({ entry }) => entry);
  world.setPolicy({ hubs, limits: unlimited });
}, 60_000);
afterAll(() => world?.stop());
const { claims, good, push, seconds, sign, stored } = setSender(() => world);
const examples = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../vectors/set/compact-examples.rfc8935-rfc8936.json'), 'utf8'),
) as { 'rfc8935-figure1-push-body': string };

describe('intake of SETs', () => {
  describe('takes', () => {
    it('a good one: 202 and nothing else, stored with the key that verified it', async () => {
      const token = good({ jti: 'good' });
      const answer = await push(token);
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([202, '', null]);
      const [row] = await stored('good');
      expect(row).toMatchObject({
        hub: 'https://one.example',
        uri: URI,
        state: 'received',
        token,
        event_type: eventTypes.kick,
        names: null,
        jwk: { kid: 'one-1', kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', x: toBase64Url(world.hubs.one.key.publicKey) },
        received_day: world.clock.today(),
      });
    });

    it('a replayed one with the same answer, and keeps it once', async () => {
      const token = good({ jti: 'replayed' });
      const answers = await Promise.all(Array.from({ length: 20 }, () => push(token)));
      expect(new Set(answers.map(({ status, text }) => `${status}${text}`))).toEqual(new Set(['202']));
      expect(await stored('replayed')).toHaveLength(1);
    });

    it('another content under a known jti with the same answer, and keeps the first', async () => {
      await push(good({ jti: 'first', events: { [eventTypes.kick]: { by: 'hub' } } }));
      expect((await push(good({ jti: 'first', events: { [eventTypes.ban]: { by: 'hub', permanent: true } } }))).status).toBe(202);
      expect(await stored('first')).toMatchObject([{ event_type: eventTypes.kick }]);
    });

    it('the same jti of two hubs as two', async () => {
      await push(good({ jti: 'shared' }));
      await push(good({ jti: 'shared' }, world.hubs.two));
      expect(await stored('shared')).toHaveLength(2);
    });

    it('one about a pseudonym nobody knows with the same answer', async () => {
      const known = await world.redeemer();
      expect((await world.call('POST', '/v1/pseudonyms', { body: known.body })).status).toBe(201);
      const [about, unknown] = await Promise.all([
        push(good({ sub_id: { format: 'uri', uri: known.body['uri'] } })),
        push(good({ sub_id: { format: 'uri', uri: 'mimi://elsewhere.example/p/nobody' } })),
      ]);
      const shown = ({ status, text, headers }: typeof about) => [status, text, [...headers.keys()].sort()];
      expect(shown(unknown)).toEqual(shown(about));
    });

    it('unknown event types, payloads that fit no type, and retractions of anything', async () => {
      expect((await push(good({ events: { 'urn:example:new': { x: 1 } } }))).status).toBe(202);
      expect((await push(good({ events: { [eventTypes.abuseReport]: { reason: 7 } } }))).status).toBe(202);
      expect((await push(good({ jti: 'r1', events: { [eventTypes.retract]: { jti: 'of-somebody-else' } } }))).status).toBe(202);
      expect(await stored('r1')).toMatchObject([{ names: 'of-somebody-else', state: 'received' }]);
    });

    it('one whose key has just come into its hub’s JWKS', async () => {
      const x = toBase64Url(jwksHub.key.publicKey);
      jwksHub.served = [HubKey.from({ kid: 'jwks-1', alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x })!];
      expect((await push(good({}, jwksHub))).status).toBe(202);
    });
  });

  describe('refuses with 400, err and description', () => {
    const cases: [string, string, () => string][] = [
      ['nothing', 'invalid_request', () => ''],
      ['words', 'invalid_request', () => 'hello'],
      ['JSON', 'invalid_request', () => JSON.stringify({ set: 1 })],
      ['another typ', 'invalid_request', () => sign(world.hubs.one, claims(world.hubs.one), { typ: 'JWT' })],
      ['sub', 'invalid_request', () => good({ sub: 'x' })],
      ['exp', 'invalid_request', () => good({ exp: 9_999_999_999 })],
      ['several events', 'invalid_request', () => good({ events: { a: {}, b: {} } })],
      ['no jti', 'invalid_request', () => good({ jti: undefined })],
      ['a jti that no row can hold', 'invalid_request', () => good({ jti: 'a\u0000b' })],
      ['another subject format', 'invalid_request', () => good({ sub_id: { format: 'email', email: 'a@b.example' } })],
      ['iat from the future', 'invalid_request', () => good({ iat: seconds() + 301 })],
      ['iat of last week', 'invalid_request', () => good({ iat: seconds() - 604_801 })],
      [
        'alg none',
        'authentication_failed',
        () => `${part({ typ: 'secevent+jwt', alg: 'none', kid: 'one-1' })}.${part(claims(world.hubs.one))}.`,
      ],
      [
        'HS256 under the public key',
        'authentication_failed',
        () => {
          const input = `${part({ typ: 'secevent+jwt', alg: 'HS256', kid: 'one-1' })}.${part(claims(world.hubs.one))}`;
          return `${input}.${toBase64Url(createHmac('sha256', world.hubs.one.key.publicKey).update(input).digest())}`;
        },
      ],
      [
        'a signature of another hub',
        'authentication_failed',
        () => sign({ ...world.hubs.two, entry: world.hubs.one.entry }, claims(world.hubs.one)),
      ],
      ['no signature', 'authentication_failed', () => good().replace(/\.[^.]*$/, '.')],
      ['an unknown kid', 'authentication_failed', () => sign(world.hubs.one, claims(world.hubs.one), { kid: 'other' })],
      ['the push of RFC 8935 figure 1 (HS256)', 'authentication_failed', () => examples['rfc8935-figure1-push-body']],
      ['a revoked key', 'invalid_key', () => good({}, revokedHub)],
      ['an unknown hub', 'invalid_issuer', () => good({ iss: 'https://nobody.example' })],
      ['another audience', 'invalid_audience', () => good({ aud: 'https://other.example' })],
      ['a suspended hub', 'access_denied', () => good({}, world.hubs.suspended)],
    ];
    it.each(cases)('%s: %s', async (_, err, token) => {
      const before = await world.query('SELECT 1 FROM signals.sets');
      const answer = await push(token());
      expect([answer.status, answer.body?.['err']]).toEqual([400, err]);
      expect(Object.keys(answer.body!)).toEqual(['err', 'description']);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('content-language')).toBe('en');
      expect(await world.query('SELECT 1 FROM signals.sets')).toHaveLength(before.length);
    });

    it('what a single flipped bit of a good one gives', async () => {
      const token = good({ jti: 'flipped' });
      const at = token.length - 20;
      expect((await push(token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1))).body?.['err']).toBe(
        'authentication_failed',
      );
      expect(await stored('flipped')).toEqual([]);
    });
  });

  describe('answers otherwise', () => {
    it('413 over 64 KiB, also when it does not say its length', async () => {
      const large = 'x'.repeat(65_537);
      expect(await push(large)).toMatchObject({ status: 413, body: { type: '/errors/body-too-large' } });
      expect((await push('x'.repeat(70_000))).status).toBe(413);
      expect((await push('x'.repeat(65_536))).status).toBe(400);
    });

    it('415 for another type', async () => {
      for (const type of ['application/json', 'application/jwt', 'text/plain', 'application/octet-stream']) {
        expect((await push(good(), { 'content-type': type })).status).toBe(415);
      }
      expect((await push(good(), { 'content-type': `${setType}; charset=utf-8` })).status).toBe(202);
    });

    it('405 for another method', async () => {
      const answer = await world.call('GET', '/v1/signals');
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    });

    it('503 while the keys of a hub cannot be had: the hub shall come again', async () => {
      world.clock.advanceDays(2);
      jwksHub.isAway = true;
      const answer = await push(good({}, jwksHub));
      expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([503, 30]);
      jwksHub.isAway = false;
    });

    it('a fault while it cannot be stored, and never 202 before it is', async () => {
      await world.query('ALTER TABLE signals.sets ADD CONSTRAINT broken CHECK (false) NOT VALID');
      const token = good({ jti: 'unstored' });
      expect((await push(token)).status).toBe(500);
      await world.query('ALTER TABLE signals.sets DROP CONSTRAINT broken');
      expect((await push(token)).status).toBe(202);
      expect(await stored('unstored')).toHaveLength(1);
    });

    it('503 for a key that may have come into its hub’s JWKS since we looked, 400 once we have looked', async () => {
      const x = toBase64Url(jwksHub.key.publicKey);
      jwksHub.served = [HubKey.from({ kid: 'jwks-1', alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x })!];
      world.clock.advanceMs(30_000);
      expect((await push(good({}, jwksHub))).status).toBe(202);
      world.clock.advanceMs(10_000);
      const rotated = () => sign(jwksHub, claims(jwksHub), { kid: 'jwks-2' });
      const early = await push(rotated());
      expect([early.status, early.headers.get('retry-after')]).toEqual([503, '20']);
      world.clock.advanceMs(20_000);
      expect((await push(rotated())).body?.['err']).toBe('authentication_failed');
    });
  });
});
