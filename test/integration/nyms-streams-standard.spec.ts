/**
 * The transmitter's API against the figures of SSF 1.0 and RFC 8936, as a receiver's library would send them, and against what the standards
 * ask of every endpoint alike. Figures are copied as data, with attribution to the OpenID Foundation and the IETF.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { polledSets } from '#contracts';
import { streamRoutes } from '../../apps/nyms/src/streams/routes.js';
import { AUDIENCE, PUBLIC_URL, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { unlimited } from '../fakes/set-sender.js';
import { look, pseudonyms, revoke, streamHub } from '../fakes/stream-hub.js';

type Json = Record<string, unknown>;
const published = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../vectors/set/json-examples.rfc8417-rfc8935-rfc8936-ssf-caep-risc.json'), 'utf8'),
) as Record<string, { figure?: string | null; json?: Json }[]>;
const figureOf = (source: string) => (number: number) => {
  const found = published[source]?.find(({ figure }) => figure?.startsWith(`Figure ${number}:`))?.json;
  if (!found) throw new Error(`${source} has no figure ${number}`);
  return found;
};
const ssf = figureOf('openid-sharedsignals-framework-1_0-final');
const rfc8936 = figureOf('rfc8936');

let world: NymsWorld;
let one: ReturnType<typeof streamHub>;
beforeAll(async () => {
  // names of the figures lead nowhere here
  world = await startNymsWorld({ policy: { limits: unlimited }, push: { resolve: (_host, done) => done(null, []) } });
  one = streamHub(world, world.hubs.one);
}, 60_000);
afterAll(() => world?.stop());
afterEach(async () => {
  await world.query('DELETE FROM streams.streams');
});

describe('the figures of SSF 1.0', () => {
  it('of requests are understood, members that nobody knows or not, and answered with the members of the figures of answers', async () => {
    const send = (method: 'POST' | 'PATCH' | 'PUT', where: string, body: Json) =>
      one.call(method, where, { body: { ...body, 'https://example.com/extension': [1] } });
    const made = await send('POST', '/v1/streams', ssf(21));
    expect(made.status).toBe(201);
    expect(Object.keys(made.body)).toEqual(expect.arrayContaining(Object.keys(ssf(22))));
    expect(made.body).toMatchObject({ ...ssf(21), events_delivered: [] }); // their types are none of ours
    const of = (figure: number) => ({ ...ssf(figure), stream_id: made.body['stream_id'] });

    const updated = await send('PATCH', '/v1/streams', of(29));
    expect([updated.status, updated.body['description']]).toEqual([200, ssf(29)['description']]);
    const replaced = await send('PUT', '/v1/streams', of(31));
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject(of(31));
    for (const figure of [37, 38]) {
      const status = await send('POST', '/v1/streams/status', of(figure));
      expect([status.status, status.body]).toEqual([200, of(figure)]);
    }
    const added = await send('POST', '/v1/streams/subjects/addition', of(40));
    expect([added.status, added.text]).toEqual([200, '']);
    const removed = await send('POST', '/v1/streams/subjects/removal', of(42));
    expect([removed.status, removed.text]).toEqual([204, '']);
    const verified = await send('POST', '/v1/streams/verification', of(44));
    expect([verified.status, verified.text]).toEqual([204, '']);
  });

  it('of subjects are all taken, whatever their format', async () => {
    const stream = await one.create();
    const all = published['openid-sharedsignals-framework-1_0-final']!.flatMap(({ json }) =>
      json && 'format' in json ? [json] : [],
    );
    expect(all.map(({ format }) => format)).toEqual(expect.arrayContaining(['jwt_id', 'saml_assertion_id', 'complex']));
    for (const subject of all) {
      const { status } = await one.call('POST', '/v1/streams/subjects/addition', { body: { stream_id: stream, subject } });
      expect(status).toBe(200);
    }
  });

  it('of metadata have no member that we lack, but for subjects that we need not understand', async () => {
    const { body } = await world.call('GET', '/.well-known/ssf-configuration');
    const missing = Object.keys(ssf(19)).filter((name) => !(name in body));
    expect(missing).toEqual(['critical_subject_members']);
  });
});

describe('the figures of RFC 8936', () => {
  it('are understood as polls, and a stream without anything answers as figure 7', async () => {
    const id = await one.create();
    await one.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    for (const figure of [1, 3, 4, 5]) {
      const answer = await one.call('POST', `/v1/streams/poll/${id}`, { body: rfc8936(figure) });
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.body['sets'] as Json)).toHaveLength(rfc8936(figure)['maxEvents'] === 0 ? 0 : 1);
    }
    await one.drain(id);
    expect((await one.poll(id)).body).toEqual(rfc8936(7));
    expect(polledSets.parse(rfc8936(7))).toEqual({ sets: {} });
  });
});

describe('a poll', () => {
  it('of more than 64 KiB is answered 413, and one with a thousand acknowledgements fits', async () => {
    const id = await one.create();
    const jtis = Array.from({ length: 1_000 }, (_, i) => `${i}`.padStart(22, 'j'));
    expect((await one.poll(id, { ack: jtis })).status).toBe(200);
    const why = { err: 'invalid_audience', description: 'this is not who we are' };
    const setErrs = Object.fromEntries(jtis.map((jti) => [jti, why]));
    const answer = await one.poll(id, { setErrs });
    expect([answer.status, answer.body['type']]).toEqual([413, '/errors/body-too-large']);
  });
});

describe('every endpoint of streams', () => {
  const routes = streamRoutes.filter(({ path: at }) => at.startsWith('/v1/'));
  type Method = Parameters<(typeof one)['call']>[0];
  const ask = (route: (typeof routes)[number], token: string) => {
    const where =
      route.path.replace(':id', 'absent') + (route.method === 'get' || route.method === 'delete' ? '?stream_id=absent' : '');
    return one.call(route.method.toUpperCase() as Method, where, { token, ...(route.request && { body: {} }) });
  };
  const named = routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

  it.each(named)('%s lets nobody in without a good token that is for it', async (_name, route) => {
    const shown = ({ status, headers }: Awaited<ReturnType<typeof ask>>) => [status, headers.get('www-authenticate')];
    const scopes = route.caller.includes('ssf.read') ? ['ssf.read', 'ssf.manage'] : ['ssf.manage'];
    const token = (more: object, client = 'https://one.example') => world.issuer.token(client, more);
    expect(shown(await ask(route, ''))).toEqual([401, 'Bearer']);
    expect(shown(await ask(route, 'invalid'))).toEqual([401, 'Bearer error="invalid_token"']);
    expect((await ask(route, await token({}, 'https://suspended.example'))).status).toBe(403);
    for (const scope of ['openid', 'ssf.read', 'ssf.manage']) {
      const [status, told] = shown(await ask(route, await token({ scope })));
      if (scopes.includes(scope)) expect([400, 404, 201]).toContain(status);
      else expect([status, told]).toEqual([403, `Bearer error="insufficient_scope", scope="${scopes[0]}"`]);
    }
  });

  it.each(named)('%s is never cached', async (_name, route) => {
    const { headers } = await ask(route, await world.issuer.token('https://one.example'));
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a hub that asks much about its stream', () => {
  it('is told when to come again, and others are not kept', async () => {
    world.setPolicy({ limits: { ...unlimited, setsPerSecond: 1 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => one.call('GET', '/v1/streams')));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const { body, headers } of limited)
      expect([body['type'], headers.get('retry-after')]).toEqual(['/errors/hub-limit-reached', '1']);
    expect((await streamHub(world, world.hubs.two).call('GET', '/v1/streams')).status).toBe(200);
    world.setPolicy({});
  });
});

describe('a stream that its hub changes', () => {
  const push = { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://hub.example/events' };

  it.each(['PATCH', 'PUT'] as const)('by %s keeps what is the transmitter’s to say', async (method) => {
    const made = await one.call('POST', '/v1/streams', { body: { delivery: push } });
    for (const wrong of [
      { iss: 'https://other.example' },
      { aud: ['https://one.example', 'https://two.example'] },
      { events_supported: [] },
      { events_delivered: ['urn:other'] },
      { min_verification_interval: 1 },
    ])
      expect((await one.call(method, '/v1/streams', { body: { ...made.body, ...wrong } })).status).toBe(400);
    expect((await one.call('GET', '/v1/streams')).body).toEqual([made.body]);
  });

  it.each(['PATCH', 'PUT'] as const)('by %s goes to no private address, and stays as it was', async (method) => {
    const made = await one.call('POST', '/v1/streams', { body: { delivery: push } });
    for (const url of [
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://169.254.169.254/latest/meta-data',
      'https://192.168.0.1:8443/',
      'https://[::1]/',
      'https://[fd00::1]/',
      'https://[64:ff9b::a00:1]/',
    ]) {
      const body = { stream_id: made.body['stream_id'], delivery: { ...push, endpoint_url: url } };
      expect((await one.call(method, '/v1/streams', { body })).status).toBe(400);
    }
    expect((await one.call('GET', '/v1/streams')).body).toEqual([made.body]);
  });

  it('by PUT without a delivery is polled from then on, and by PATCH without one stays as it was', async () => {
    const { body } = await one.call('POST', '/v1/streams', { body: { delivery: push } });
    const stream_id = body['stream_id'];
    expect((await one.call('PATCH', '/v1/streams', { body: { stream_id } })).body['delivery']).toEqual(push);
    expect((await one.call('PUT', '/v1/streams', { body: { stream_id } })).body['delivery']).toEqual({
      method: 'urn:ietf:rfc:8936',
      endpoint_url: `${PUBLIC_URL}/v1/streams/poll/${String(stream_id)}`,
    });
  });

  it('is told of a pseudonym in the words that it was added by', async () => {
    const id = await one.create();
    const [some] = await pseudonyms(world, 1);
    const subject = { format: 'iss_sub', iss: AUDIENCE, sub: some!.uri };
    await one.call('POST', '/v1/streams/subjects/addition', { body: { stream_id: id, subject, verified: true } });
    await look(world);
    await revoke(world, [some!]);
    const sets = await one.drain(id);
    expect(sets.map(({ sub_id: told }) => told)).toEqual([subject, subject]);
  });
});
