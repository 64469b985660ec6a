/** Intake of SETs over HTTP (RFC 8935), on real PostgreSQL, with the queue on both of BullMQ's backends. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { Queue } from 'bullmq';
import { eventTypes, queues, toBase64Url, utf8 } from '#contracts';
import type { HubEntry } from '#contracts';
import { WeighingWake } from '../../apps/nyms/src/intake/weighing-wake.js';
import { HubKey, SignalsRepository } from '#signals';
import { getQueueToken } from '@nestjs/bullmq';
import { AUDIENCE, DOMAIN, startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';

const redisUrl = process.env['TEST_REDIS_URL'];
const backends = redisUrl ? ['postgres', 'redis'] : ['postgres'];
/** Its own: other specs may use the same server at the same time. */
const REDIS_DATABASE = 9;
const URI = `mimi://${DOMAIN}/p/abcdefghijklmnopqrstuvwxyz`;
const setType = 'application/secevent+jwt';

describe.each(backends)('intake of SETs, queue on %s', (backend) => {
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
    world = await startNymsWorld({
      redisUrl: backend === 'redis' ? `${redisUrl}/${REDIS_DATABASE}` : undefined,
      hubKeys: { fetchKeys, monotonicMs: () => world.clock.now().getTime() },
    });
    const hubs = [...Object.values(world.hubs), jwksHub, revokedHub].map(({ entry }) => entry);
    world.setPolicy({ hubs, limits: { ...limits(), setsPerSecond: 1_000_000 } });
  }, 60_000);
  afterAll(() => world?.stop());

  const limits = () => ({ ticketsPerDay: 5, ticketsPerPeriod: 20, freePseudonyms: 18, maxPseudonyms: 48, setsPerSecond: 50 });
  const claims = (hub: TestHub, more: object = {}) => ({
    iss: hub.entry.id,
    aud: AUDIENCE,
    iat: Math.floor(world.clock.now().getTime() / 1_000),
    jti: crypto.randomUUID(),
    sub_id: { format: 'uri', uri: URI },
    events: { [eventTypes.kick]: { by: 'hub' } },
    ...more,
  });
  const part = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)));
  const sign = (hub: TestHub, body: object, header: object = {}) => {
    const input = `${part({ typ: 'secevent+jwt', alg: 'EdDSA', kid: `${new URL(hub.entry.id).host.split('.')[0]}-1`, ...header })}.${part(body)}`;
    return `${input}.${toBase64Url(hub.key.sign(utf8(input)))}`;
  };
  const good = (more: object = {}, hub = world.hubs.one) => sign(hub, claims(hub, more));
  const push = async (token: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${world.url}/v1/signals`, {
      method: 'POST',
      headers: { 'content-type': setType, accept: 'application/json', ...headers },
      body: token,
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: text ? (JSON.parse(text) as Record<string, string>) : undefined,
    };
  };
  const stored = (jti: string) =>
    world.query<{
      hub: string;
      uri: string;
      state: string;
      token: string;
      jwk: object;
      names: string | null;
      event_type: string;
      received_day: number;
    }>('SELECT * FROM signals.sets WHERE jti = $1', [jti]);

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
      ['iat from the future', 'invalid_request', () => good({ iat: Math.floor(world.clock.now().getTime() / 1_000) + 301 })],
      ['iat of last week', 'invalid_request', () => good({ iat: Math.floor(world.clock.now().getTime() / 1_000) - 604_801 })],
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
      ['a revoked key', 'authentication_failed', () => good({}, revokedHub)],
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
      expect((await push('x'.repeat(1_000_000))).status).toBe(413);
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
  });

  describe('limits each hub', () => {
    beforeEach(() =>
      world.setPolicy({
        hubs: Object.values(world.hubs).map(({ entry }): HubEntry => entry),
        limits: { ...limits(), setsPerSecond: 5 },
      }),
    );

    it('to so many a second, says when to come again, and lets others through', async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, () => push(good())));
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThanOrEqual(20);
      for (const { headers, body } of limited) {
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(body?.['type']).toBe('/errors/hub-limit-reached');
      }
      expect((await push(good({}, world.hubs.two))).status).toBe(202);
    });

    it('by signed SETs only: nobody can use up the limit of another', async () => {
      const forged = () => sign({ ...world.hubs.one, entry: world.hubs.two.entry }, claims(world.hubs.two));
      await Promise.all(Array.from({ length: 60 }, () => push(forged())));
      expect((await push(good({}, world.hubs.two))).status).toBe(202);
    });
  });

  describe('wakes the weighing', () => {
    const queue = () => world.app.get<Queue>(getQueueToken(queues.weighing));
    beforeEach(async () => {
      await queue().drain();
      world.setPolicy({ limits: { ...limits(), setsPerSecond: 1_000_000 } });
    });
    const jobs = async () =>
      (await queue().getJobs(['waiting', 'delayed', 'prioritized'])).map(({ name, data }) => ({ name, data: data as unknown }));
    const eventually = async (check: () => Promise<boolean>) => {
      for (const end = performance.now() + 3_000; performance.now() < end;) if (await check()) return;
      throw new Error('it did not happen');
    };

    it('with one job for many SETs, which carries nothing', async () => {
      await Promise.all(Array.from({ length: 30 }, () => push(good())));
      await eventually(async () => (await jobs()).length > 0);
      expect(await jobs()).toEqual([{ name: 'weigh', data: {} }]);
    });

    it('again by the sweeper, when a wake-up was lost', async () => {
      await push(good());
      await eventually(async () => (await jobs()).length > 0);
      await queue().drain();
      await world.app.get(WeighingWake).sweep();
      expect(await jobs()).toHaveLength(1);
      await queue().drain();
      await world.query(`UPDATE signals.sets SET state = 'counted'`);
      await world.app.get(WeighingWake).sweep();
      expect(await jobs()).toEqual([]);
    });
  });

  it('shows counts and no hub in its metrics', async () => {
    const text = (await world.call('GET', '/metrics')).text;
    expect(text).toMatch(/nyms_signals_total\{outcome="stored"\} [1-9]/);
    expect(text).toMatch(/nyms_signals_total\{outcome="replayed"\} [1-9]/);
    expect(text).toMatch(/nyms_signals_total\{outcome="authentication_failed"\} [1-9]/);
    expect(text).toMatch(/nyms_signals_waiting\{state="received"\} \d/);
    expect(text).toMatch(/queue_jobs\{queue="weighing",state="waiting"\} \d/);
    expect(text).not.toMatch(/one\.example|mimi:/);
    expect(world.lines.join('\n')).not.toMatch(/one\.example|mimi:/);
  });
});

describe('a stored SET', () => {
  let world: NymsWorld;
  beforeAll(async () => void (world = await startNymsWorld()), 60_000);
  afterAll(() => world?.stop());
  const push = (jti: string) => world.hubClient(world.hubs.one).kick(URI, { by: 'hub' }, { jti });
  const manifest = (epoch: number, closedDay: number, jtis: string[]) =>
    world.query(
      `WITH m AS (INSERT INTO tallies.manifests (epoch, root, size, policy_digest, closed_day, signature) VALUES ($1, '', 1, '', $2, ''))
       INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash) SELECT $1, row_number() OVER (), 'https://one.example', jti, '' FROM unnest($3::text[]) AS t(jti)`,
      [epoch, closedDay, jtis],
    );

  it('goes a week after its last manifest has left the window, and not before it is in one', async () => {
    for (const jti of ['old', 'again', 'never']) await push(jti);
    const day = world.clock.today();
    await manifest(1, day, ['old', 'again']);
    await manifest(2, day + 3, ['again']);
    const repository = world.app.get(SignalsRepository);
    expect(await repository.removeClosedBefore(day)).toBe(0);
    expect(await repository.removeClosedBefore(day + 2)).toBe(1);
    expect(await world.query('SELECT jti FROM signals.sets ORDER BY jti')).toEqual([{ jti: 'again' }, { jti: 'never' }]);
    expect(await repository.removeClosedBefore(day + 4)).toBe(1);
    expect(await repository.removeClosedBefore(day + 400)).toBe(0);
    expect(await world.query('SELECT jti FROM signals.sets')).toEqual([{ jti: 'never' }]);
  });
});
