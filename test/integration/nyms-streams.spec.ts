/** The transmitter's API (SSF 1.0 §7, §8), as the conformance suite looks at it: what is answered to what, and who sees which stream. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { streamHub, pseudonyms } from '../fakes/stream-hub.js';
import { AUDIENCE, PUBLIC_URL, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { unlimited } from '../fakes/set-sender.js';

let world: NymsWorld;
let one: ReturnType<typeof streamHub>;
let two: ReturnType<typeof streamHub>;
beforeAll(async () => {
  world = await startNymsWorld({ policy: { limits: unlimited } });
  one = streamHub(world, world.hubs.one);
  two = streamHub(world, world.hubs.two);
}, 60_000);
afterAll(() => world?.stop());
afterEach(async () => {
  await world.query('DELETE FROM streams.streams');
});

const push = { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://hub.example/events' };
const poll = { method: 'urn:ietf:rfc:8936' };
const uri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
const subject = { format: 'uri', uri };
const broken = ';{ broken';

describe('transmitter metadata', () => {
  it('names the issuer, its keys and https endpoints, and has no empty array', async () => {
    const { status, body, headers } = await world.call('GET', '/.well-known/ssf-configuration');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toMatchObject({
      spec_version: '1_0',
      issuer: AUDIENCE,
      jwks_uri: `${PUBLIC_URL}/.well-known/jwks.json`,
      delivery_methods_supported: ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'NONE',
      signing_alg_values_supported: ['EdDSA', 'ES256', 'RS256'],
    });
    const endpoints = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(endpoints).toHaveLength(6);
    for (const [, url] of endpoints) expect(url).toMatch(/^https:\/\//);
    for (const value of Object.values(body)) if (Array.isArray(value)) expect(value.length).toBeGreaterThan(0);
  });

  it('points to keys for every algorithm, and publishes nothing private', async () => {
    const { body } = await world.call('GET', '/.well-known/jwks.json');
    const keys = body['keys'] as Record<string, unknown>[];
    expect(keys.map(({ alg }) => alg)).toEqual(['EdDSA', 'EdDSA', 'ES256', 'RS256']);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(4);
    for (const key of keys)
      expect(Object.keys(key).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))).toEqual([]);
  });
});

describe('a stream', () => {
  it('is made, read, listed, changed, replaced and deleted', async () => {
    const made = await one.call('POST', '/v1/streams', { body: { delivery: push, description: 'first', events_requested: [] } });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(made.body).toMatchObject({
      iss: AUDIENCE,
      aud: 'https://one.example',
      delivery: push,
      events_requested: [],
      events_delivered: [],
    });
    const id = made.body['stream_id'] as string;
    const read = await one.call('GET', `/v1/streams?stream_id=${id}`);
    expect([read.status, read.body]).toEqual([200, made.body]);
    expect((await one.call('GET', '/v1/streams')).body).toEqual([made.body]);

    const wanted = ['https://schemas.openid.net/secevent/risc/event-type/account-enabled', 'urn:example:unknown'];
    const changed = await one.call('PATCH', '/v1/streams', { body: { stream_id: id, events_requested: wanted } });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      description: 'first',
      delivery: push,
      events_requested: wanted,
      events_delivered: [wanted[0]],
    });

    const replaced = await one.call('PUT', '/v1/streams', { body: { stream_id: id, delivery: push } });
    expect(replaced.status).toBe(200);
    expect(replaced.body).not.toHaveProperty('description');
    expect(replaced.body).not.toHaveProperty('events_requested');
    expect(replaced.body['events_delivered']).toHaveLength(3);

    const gone = await one.call('DELETE', `/v1/streams?stream_id=${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await one.call('GET', `/v1/streams?stream_id=${id}`)).status).toBe(404);
    expect((await one.call('GET', '/v1/streams')).body).toEqual([]);
  });

  it('is polled when no delivery is asked for, at an address of its own', async () => {
    const { body } = await one.call('POST', '/v1/streams', { body: {} });
    const delivery = body['delivery'] as Record<string, string>;
    expect(delivery).toEqual({ method: poll.method, endpoint_url: `${PUBLIC_URL}/v1/streams/poll/${String(body['stream_id'])}` });
  });

  it('takes back what it says of itself, and nothing else that is the transmitter’s', async () => {
    const { body } = await one.call('POST', '/v1/streams', { body: { delivery: poll } });
    expect((await one.call('PATCH', '/v1/streams', { body: { ...body, description: 'new' } })).status).toBe(200);
    expect((await one.call('PUT', '/v1/streams', { body })).status).toBe(200);
    for (const wrong of [
      { iss: 'https://other.example' },
      { aud: 'https://two.example' },
      { events_delivered: ['x'] },
      { events_supported: [] },
    ]) {
      const answer = await one.call('PATCH', '/v1/streams', { body: { ...body, ...wrong } });
      expect([answer.status, answer.body['type']]).toEqual([400, '/errors/request-malformed']);
    }
  });

  it('signs with what its receiver asks for, else with what the hub signs with itself', async () => {
    expect((await one.call('POST', '/v1/streams', { body: {} })).body['signing_alg']).toBe('EdDSA');
    const { body } = await two.call('POST', '/v1/streams', { body: { signing_alg: 'RS256' } });
    expect(body['signing_alg']).toBe('RS256');
    const kept = await two.call('PATCH', '/v1/streams', { body: { stream_id: body['stream_id'], description: 'x' } });
    expect(kept.body['signing_alg']).toBe('RS256');
    expect((await one.call('POST', '/v1/streams', { body: { signing_alg: 'HS256' } })).status).toBe(400);
  });

  it('is one of a hub: a second is refused', async () => {
    await one.create();
    const again = await one.call('POST', '/v1/streams', { body: { delivery: push } });
    expect([again.status, again.body['type']]).toEqual([409, '/errors/stream-exists']);
  });

  it('is seen by its hub alone', async () => {
    const id = await one.create({ delivery: { ...push, authorization_header: 'Bearer secret-of-one' } });
    const body = { stream_id: id };
    const answers = await Promise.all([
      two.call('GET', `/v1/streams?stream_id=${id}`),
      two.call('PATCH', '/v1/streams', { body }),
      two.call('PUT', '/v1/streams', { body }),
      two.call('DELETE', `/v1/streams?stream_id=${id}`),
      two.call('GET', `/v1/streams/status?stream_id=${id}`),
      two.call('POST', '/v1/streams/status', { body: { ...body, status: 'disabled' } }),
      two.call('POST', '/v1/streams/subjects/addition', { body: { ...body, subject } }),
      two.call('POST', '/v1/streams/subjects/removal', { body: { ...body, subject } }),
      two.call('POST', '/v1/streams/verification', { body }),
      two.call('POST', `/v1/streams/poll/${id}`, { body: { returnImmediately: true } }),
      two.call('GET', `/v1/streams/deliveries?stream_id=${id}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    const absent = await two.call('GET', '/v1/streams?stream_id=absent');
    expect(answers[0]!.text).toBe(absent.text);
    expect((await two.call('GET', '/v1/streams')).body).toEqual([]);
    expect((await one.call('GET', `/v1/streams?stream_id=${id}`)).status).toBe(200);
  });

  it('keeps the receiver’s Authorization header sealed', async () => {
    const id = await one.create({ delivery: { ...push, authorization_header: 'Bearer secret-of-one' } });
    const rows = await world.query<{ row: string }>('SELECT t::text AS row FROM streams.streams t');
    expect(JSON.stringify(rows)).not.toContain('secret-of-one');
    expect(JSON.stringify(rows)).not.toContain(Buffer.from('secret-of-one').toString('hex'));
    expect(world.lines.join('\n')).not.toContain('secret-of-one');
    const { body } = await one.call('GET', `/v1/streams?stream_id=${id}`);
    expect(body['delivery']).toMatchObject({ authorization_header: 'Bearer secret-of-one' });
  });

  it('has a status that its hub sets', async () => {
    const id = await one.create();
    expect((await one.call('GET', `/v1/streams/status?stream_id=${id}`)).body).toEqual({ stream_id: id, status: 'enabled' });
    for (const status of ['paused', 'disabled', 'enabled']) {
      const set = await one.call('POST', '/v1/streams/status', { body: { stream_id: id, status, reason: 'maintenance' } });
      expect([set.status, set.body]).toEqual([200, { stream_id: id, status, reason: 'maintenance' }]);
    }
    expect((await one.call('POST', '/v1/streams/status', { body: { stream_id: id, status: 'asleep' } })).status).toBe(400);
  });
});

describe('subjects', () => {
  it('are added with 200 and removed with 204, whether they exist or not', async () => {
    const id = await one.create();
    const [known] = await pseudonyms(world, 1);
    const subjects = [
      subject,
      { format: 'uri', uri: known!.uri },
      { format: 'iss_sub', iss: AUDIENCE, sub: known!.uri },
      { format: 'email', email: 'nobody@example.com' },
      { format: 'opaque', id: 'x' },
    ];
    const answers = [];
    for (const one_ of subjects)
      answers.push(await one.call('POST', '/v1/streams/subjects/addition', { body: { stream_id: id, subject: one_ } }));
    expect(answers.map(({ status, text }) => [status, text])).toEqual(subjects.map(() => [200, '']));
    for (const one_ of subjects) {
      const answer = await one.call('POST', '/v1/streams/subjects/removal', { body: { stream_id: id, subject: one_ } });
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect(await world.query('SELECT 1 FROM streams.subjects')).toEqual([]);
  });

  it('must have the members of their format', async () => {
    const id = await one.create();
    for (const wrong of [
      undefined,
      {},
      { format: 'uri' },
      { format: 'uri', uri: 7 },
      { format: 'iss_sub', iss: AUDIENCE },
      'x',
    ]) {
      const answer = await one.call('POST', '/v1/streams/subjects/addition', { body: { stream_id: id, subject: wrong } });
      expect(answer.status).toBe(400);
    }
  });

  it('are no more than a stream may have', async () => {
    const id = await one.create();
    await world.query('UPDATE streams.streams SET subject_count = 1000000');
    const full = await one.add(id, uri);
    expect([full.status, full.body['type']]).toEqual([429, '/errors/request-limit-reached']);
    expect(await world.query('SELECT 1 FROM streams.subjects')).toEqual([]);
  });
});

describe('a request that does not fit', () => {
  const bodies = [
    ['POST', '/v1/streams'],
    ['PATCH', '/v1/streams'],
    ['PUT', '/v1/streams'],
    ['POST', '/v1/streams/status'],
    ['POST', '/v1/streams/subjects/addition'],
    ['POST', '/v1/streams/subjects/removal'],
    ['POST', '/v1/streams/verification'],
    ['POST', '/v1/streams/poll/absent'],
  ] as const;

  it.each(bodies)('is answered 400 when it is broken: %s %s', async (method, where) => {
    expect((await one.call(method, where, { body: broken })).status).toBe(400);
  });

  it.each(bodies.slice(1, 7))('is answered 404 for an unknown stream, 400 for none: %s %s', async (method, where) => {
    const body = { stream_id: 'absent', status: 'enabled', subject };
    expect((await one.call(method, where, { body })).status).toBe(404);
    expect((await one.call(method, where, { body: { status: 'enabled', subject } })).status).toBe(400);
  });

  it('is answered 404 for an unknown stream where it stands in the address', async () => {
    expect((await one.call('DELETE', '/v1/streams?stream_id=absent')).status).toBe(404);
    expect((await one.call('GET', '/v1/streams/status?stream_id=absent')).status).toBe(404);
    expect((await one.call('GET', '/v1/streams/deliveries?stream_id=absent')).status).toBe(404);
    expect((await one.poll('absent')).status).toBe(404);
    expect((await one.call('DELETE', '/v1/streams')).status).toBe(400);
  });

  it.each([
    [{ method: 'urn:example:pigeon' }, 'an unknown method'],
    [{ method: push.method }, 'no endpoint'],
    [{ ...push, endpoint_url: 'not a url' }, 'no URL'],
    [{ ...push, endpoint_url: 'http://hub.example/events' }, 'no https'],
    [{ ...push, endpoint_url: 'https://10.0.0.1/events' }, 'a private address'],
    [{ ...push, endpoint_url: 'https://[::ffff:10.0.0.1]/events' }, 'a mapped private address'],
    [{ ...push, endpoint_url: 'https://user:password@hub.example/' }, 'a password in the address'],
    [{ ...push, authorization_header: 'two\r\nlines' }, 'a header of two lines'],
  ])('is answered 400 for a delivery with %j: %s', async (delivery: object, _what) => {
    expect((await one.call('POST', '/v1/streams', { body: { delivery } })).status).toBe(400);
  });
});

describe('an access token', () => {
  const now = () => Math.floor(world.clock.now().getTime() / 1_000);
  const read = (token: string | undefined) => one.call('GET', '/v1/streams', { token });
  const token = (more: object = {}, client = 'https://one.example') => world.issuer.token(client, more);

  it('is asked for, without an error where none came (RFC 6750 §3)', async () => {
    const { status, headers } = await read('');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it.each([
    ['that is none', () => 'invalid'],
    ['of another issuer', () => token({ iss: 'https://other.example' })],
    ['for another service', () => token({ aud: 'https://other.example' })],
    ['that is over', () => token({ iat: now() - 4_000, exp: now() - 400 })],
    ['without an end', () => token({ exp: undefined })],
    ['good for more than an hour', () => token({ exp: now() + 7_200 })],
    ['without its time', () => token({ iat: undefined })],
    ['without a client', () => token({ client_id: undefined })],
    ['of nobody in the policy', () => token({}, 'https://nobody.example')],
  ])('%s is refused with invalid_token', async (_what, make) => {
    const { status, headers } = await read(await make());
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  it('of a suspended hub lets it do nothing', async () => {
    expect((await read(await token({}, 'https://suspended.example'))).status).toBe(403);
  });

  it('lets its hub do what its scope says', async () => {
    const reading = await token({ scope: 'ssf.read' });
    expect((await read(reading)).status).toBe(200);
    const refused = await one.call('POST', '/v1/streams', { body: {}, token: reading });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="ssf.manage"',
    ]);
    expect((await read(await token({ scope: 'openid' }))).status).toBe(403);
    expect((await read(await token({ scope: undefined }))).status).toBe(403);
    expect((await read(await token({ scope: 'ssf.manage' }))).status).toBe(200);
  });

  it('is taken in the header only', async () => {
    const { status } = await one.call('GET', `/v1/streams?access_token=${await token()}`, { token: '' });
    expect(status).toBe(401);
  });
});

describe('the authorization server', () => {
  it('may be away while its keys are known, and may change them', async () => {
    expect((await one.call('GET', '/v1/streams')).status).toBe(200);
    world.issuer.isAway = true;
    expect((await one.call('GET', '/v1/streams')).status).toBe(200);
    const before = await world.issuer.token('https://one.example');
    world.issuer.isAway = false;
    const fresh = await startNymsWorld();
    try {
      const hub = streamHub(fresh, fresh.hubs.one);
      fresh.issuer.isAway = true;
      const away = await hub.call('GET', '/v1/streams');
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
      fresh.issuer.isAway = false;
      expect((await hub.call('GET', '/v1/streams')).status).toBe(200);
      expect((await hub.call('GET', '/v1/streams', { token: before })).status).toBe(401); // of another server
      const old = await fresh.issuer.token('https://one.example');
      fresh.issuer.rotate(); // within the pause between fetches an unknown key is an unknown key
      expect((await hub.call('GET', '/v1/streams')).status).toBe(401);
      expect((await hub.call('GET', '/v1/streams', { token: old })).status).toBe(200);
      const now = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => now() + 31_000); // the pause is over
      expect((await hub.call('GET', '/v1/streams')).status).toBe(200);
      expect((await hub.call('GET', '/v1/streams', { token: old })).status).toBe(401);
    } finally {
      jest.restoreAllMocks();
      await fresh.stop();
    }
  }, 60_000);
});
