/** Notices by push (RFC 8935), against endpoints that take them, refuse them, are slow, or are away for a day. Time is the test's own. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Health } from '#platform';
import { Delivering } from '../../apps/nyms/src/streams/delivery/delivering.service.js';
import { QueueRepository } from '../../apps/nyms/src/streams/delivery/queue.repository.js';
import { ctlOn } from '../fakes/ctl-on.js';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { unlimited } from '../fakes/set-sender.js';
import { PushEndpoint } from '../fakes/push-endpoint.js';
import {
  DISABLED,
  look,
  pseudonyms,
  REVOKED,
  revoke,
  streamHub,
  told,
  until,
  UPDATED,
  VERIFICATION,
  verified,
} from '../fakes/stream-hub.js';
import type { ReceivedSet } from '../fakes/stream-hub.js';
import { backends, emptyRedis, redisUrl } from '../servers/redis.js';

const DAY_MS = 86_400_000;

describe.each(backends)('push, woken by %s', (backend) => {
  let world: NymsWorld;
  let hub: ReturnType<typeof streamHub>;
  let endpoint: PushEndpoint;
  beforeAll(async () => {
    await emptyRedis();
    world = await startNymsWorld({ policy: { limits: unlimited }, redisUrl: backend === 'redis' ? redisUrl : undefined });
    hub = streamHub(world, world.hubs.one);
  }, 60_000);
  afterAll(() => world?.stop());
  beforeEach(async () => {
    endpoint = await PushEndpoint.start();
  });
  afterEach(async () => {
    await world.query('DELETE FROM streams.streams');
    await endpoint.stop();
  });

  const received = (): Promise<ReceivedSet[]> =>
    Promise.all(endpoint.pushed.map(({ token }) => verified(world, world.hubs.one, token)));
  const arrived = async (count: number) => {
    await until(async () => {
      await look(world);
      return endpoint.pushed.length >= count;
    });
    return received();
  };
  const queued = async () =>
    (await world.query<{ dead: boolean; err: string | null }>('SELECT dead, err FROM streams.queue')).length;
  const settled = () => until(async () => (await queued()) === 0);
  const stream = async () => (await world.query<Record<string, unknown>>('SELECT * FROM streams.streams'))[0]!;
  const idle = () => until(async () => (await stream())['lease'] === null);
  const kindOf = ({ events }: ReceivedSet) => Object.keys(events)[0]!;

  const ctl = ctlOn(() => world);

  it('verifies the stream: typ, no sub, no exp, the stream as subject, the state as it was given', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const asked = await hub.call('POST', '/v1/streams/verification', {
      body: { stream_id: id, state: 'VGhpcyBpcyBhbiBleGFtcGxl' },
    });
    expect([asked.status, asked.text]).toEqual([204, '']);
    const [set] = await arrived(1);
    expect(set).toMatchObject({
      sub_id: { format: 'opaque', id },
      events: { [VERIFICATION]: { state: 'VGhpcyBpcyBhbiBleGFtcGxl' } },
    });
    expect(set!.iat * 1_000).toBeLessThanOrEqual(world.clock.now().getTime());
    const [{ headers }] = endpoint.pushed as [(typeof endpoint.pushed)[0]];
    expect(headers).toMatchObject({
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      authorization: 'Bearer of-the-hub',
    });
    const again = await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    expect([again.status, again.headers.get('retry-after')]).toEqual([429, '10']);
    world.clock.advanceMs(10_000);
    expect((await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } })).status).toBe(204);
    const [, bare] = await arrived(2);
    expect(bare!.events).toEqual({ [VERIFICATION]: {} });
  });

  it('sends no Authorization header when none was asked for', async () => {
    const { authorization_header: _none, ...delivery } = endpoint.delivery;
    const id = await hub.create({ delivery });
    await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    await arrived(1);
    expect(endpoint.pushed[0]!.headers.authorization).toBeUndefined();
  });

  it.each(['EdDSA', 'ES256', 'RS256'])('tells of a pseudonym that ended, signed with %s', async (alg) => {
    const id = await hub.create({ delivery: endpoint.delivery, signing_alg: alg });
    const [mine, other] = await pseudonyms(world, 2);
    await hub.add(id, mine!.uri);
    await look(world);
    expect(await revoke(world, [mine!, other!])).toBe(2);
    const sets = await arrived(2);
    await settled();
    expect(sets.map(kindOf).sort()).toEqual([REVOKED, DISABLED].sort());
    for (const set of sets) expect(set.sub_id).toEqual({ format: 'uri', uri: mine!.uri });
    const change = sets.find((set) => kindOf(set) === REVOKED)!.events[REVOKED]!;
    expect(change).toMatchObject({
      credential_type: 'x509',
      change_type: 'revoke',
      reason_admin: { en: expect.stringMatching(/./) },
    });
    const header = JSON.parse(Buffer.from(endpoint.pushed[0]!.token.split('.')[0]!, 'base64url').toString()) as object;
    expect(header).toMatchObject({ typ: 'secevent+jwt', alg });
    expect(await revoke(world, [mine!])).toBe(0);
    const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
    expect(body).toMatchObject({ waiting: 0, dead: 0 });
    expect((body['deliveries'] as { outcome: string; jti: string }[]).map(({ outcome, jti }) => [outcome, jti]).sort()).toEqual(
      sets.map(({ jti }) => ['delivered', jti]).sort(),
    );
  });

  it('keeps a SET until an endpoint that was down for a day takes it, and asks it less and less', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const [one] = await pseudonyms(world, 1);
    await hub.add(id, one!.uri);
    await look(world);
    endpoint.answer = (response) => void response.writeHead(500).end();
    await revoke(world, [one!]);
    await arrived(1);
    await idle();
    const began = world.clock.now().getTime();
    let tries = endpoint.pushed.length;
    while (world.clock.now().getTime() - began < DAY_MS) {
      const due = (await stream())['next_attempt_at'] as Date;
      const waitMs = due.getTime() - world.clock.now().getTime();
      expect(waitMs).toBeLessThanOrEqual(900_000);
      world.clock.advanceMs(Math.max(waitMs, 3_600_000)); // not each try
      tries = endpoint.pushed.length;
      await arrived(tries + 1);
      await idle();
    }
    endpoint.answer = (response) => void response.writeHead(202).end();
    world.clock.advanceMs(900_000);
    tries = endpoint.pushed.length;
    await arrived(tries + 2);
    await settled();
    expect((await stream())['failures']).toBe(0);
    const jtis = (await received()).map(({ jti }) => jti);
    expect(new Set(jtis).size).toBe(2); // the same SETs, each time
  }, 60_000);

  it('honours Retry-After', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    endpoint.answer = (response) => void response.writeHead(429, { 'retry-after': '7200' }).end();
    await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    await arrived(1);
    await idle();
    world.clock.advanceMs(7_100_000);
    await look(world);
    expect(endpoint.pushed).toHaveLength(1);
    endpoint.answer = (response) => void response.writeHead(202).end();
    world.clock.advanceMs(100_000);
    await arrived(2);
    await settled();
  });

  it('does not repeat what is refused for good: a dead letter until an operator sends it again', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    endpoint.answer = (response) =>
      void response
        .writeHead(400, { 'content-type': 'application/json', 'content-language': 'en' })
        .end(JSON.stringify({ err: 'invalid_audience', description: 'not me' }));
    await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    await arrived(1);
    await until(async () => (await world.query<{ dead: boolean }>('SELECT dead FROM streams.queue'))[0]?.dead);
    await idle();
    await look(world);
    expect(endpoint.pushed).toHaveLength(1);
    const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
    expect(body).toMatchObject({ waiting: 0, dead: 1, deliveries: [{ outcome: 'refused', err: 'invalid_audience' }] });
    const hubId = world.hubs.one.entry.id;
    expect(await ctl('stream', 'list')).toMatch(/one\.example .*enabled .*1 .*well/);
    expect(await ctl('stream', 'log', hubId)).toMatch(/verification .*refused .*invalid_audience/);
    await expect(ctl('stream', 'redrive', 'https://two.example')).rejects.toThrow('https://two.example has no stream');
    endpoint.answer = (response) => void response.writeHead(202).end();
    expect(await ctl('stream', 'redrive', hubId)).toBe('1 SET is sent again');
    await arrived(2);
    await settled();
    const [first, second] = endpoint.pushed;
    expect(second!.token).toBe(first!.token);
  });

  it('lets no hanging endpoint hold up another hub’s', async () => {
    const slow = await PushEndpoint.start();
    try {
      slow.answer = () => undefined;
      const two = streamHub(world, world.hubs.two);
      const hanging = await two.create({ delivery: slow.delivery });
      await two.call('POST', '/v1/streams/verification', { body: { stream_id: hanging } });
      await until(async () => {
        await look(world);
        return slow.pushed.length > 0;
      });
      const id = await hub.create({ delivery: endpoint.delivery });
      const began = performance.now();
      await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
      await arrived(1);
      expect(performance.now() - began).toBeLessThan(9_000); // the hanging one has ten seconds
    } finally {
      await slow.stop();
    }
  });

  it('sends again what was delivered but not noted, under the same jti', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const [one] = await pseudonyms(world, 1);
    await hub.add(id, one!.uri);
    await look(world);
    const repository = world.app.get(QueueRepository);
    const settle = repository.settle.bind(repository);
    let cut = true;
    repository.settle = async (...all) => {
      if (cut) throw new Error('killed between sending and noting');
      return settle(...all);
    };
    try {
      await revoke(world, [one!]);
      await expect(world.app.get(Delivering).deliver(id)).rejects.toThrow('killed');
      cut = false;
      await arrived(4);
      await settled();
      const jtis = (await received()).map(({ jti }) => jti);
      expect(new Set(jtis).size).toBe(2);
    } finally {
      repository.settle = settle;
    }
  });

  it('pauses after days without an answer, says so first, holds, and goes on when the endpoint is back', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const [one] = await pseudonyms(world, 1);
    await hub.add(id, one!.uri);
    await look(world);
    endpoint.answer = (response) => void response.writeHead(503).end();
    await revoke(world, [one!]);
    await arrived(1);
    await idle();
    world.clock.advanceMs(3 * DAY_MS);
    await arrived(endpoint.pushed.length + 1);
    await until(async () => (await stream())['status'] === 'paused');
    await idle();
    expect((await hub.call('GET', `/v1/streams/status?stream_id=${id}`)).body).toMatchObject({
      status: 'paused',
      reason: 'the endpoint does not answer',
    });
    const before = endpoint.pushed.length;
    endpoint.answer = (response) => void response.writeHead(202).end();
    world.clock.advanceMs(900_000);
    await arrived(before + 4);
    await settled();
    const news = (await received()).slice(before);
    expect(news.slice(0, 2).map(({ events }) => events[UPDATED])).toEqual([
      { status: 'paused', reason: 'the endpoint does not answer' },
      { status: 'enabled' },
    ]);
    expect(news.slice(2).map(kindOf).sort()).toEqual([REVOKED, DISABLED].sort());
    expect((await stream())['status']).toBe('enabled');
  });

  it('gives up one SET that fails while others go through, and none when nothing does', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const some = await pseudonyms(world, 2);
    for (const { uri } of some) await hub.add(id, uri);
    await look(world);
    let poison = '';
    endpoint.answer = (response, { token }) => {
      poison ||= token;
      response.writeHead(token === poison ? 500 : 202).end();
    };
    await revoke(world, [some[0]!]);
    await until(async () => {
      world.clock.advanceMs(900_000);
      await look(world);
      return (await queued()) === 1;
    });
    await idle();
    expect((await world.query<{ attempts: number }>('SELECT attempts FROM streams.queue'))[0]!.attempts).toBeLessThanOrEqual(1);
    for (let tries = 0; tries < 10; tries++) {
      await world.query('UPDATE streams.queue SET attempts = $1', [tries]);
      await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
      const before = endpoint.pushed.length;
      world.clock.advanceMs(900_000);
      await arrived(before + 2);
      await idle();
    }
    expect(await world.query('SELECT dead, err FROM streams.queue')).toEqual([{ dead: true, err: 'too_many_attempts' }]);
  });

  it('keeps an old change from overtaking a newer one that was taken', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const [one] = await pseudonyms(world, 1);
    await hub.add(id, one!.uri);
    await look(world);
    endpoint.answer = (response) => void response.writeHead(400).end('{"err":"invalid_request"}');
    await told(world, one!.uri, 'disabled');
    await until(async () => (await look(world), (await world.query('SELECT 1 FROM streams.queue WHERE dead')).length === 1));
    await idle();
    endpoint.answer = (response) => void response.writeHead(202).end();
    await told(world, one!.uri, 'enabled');
    await arrived(2);
    await settled(); // the dead letter, too: it would say that the pseudonym is disabled
    const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
    expect((body['deliveries'] as { outcome: string }[]).map(({ outcome }) => outcome).sort()).toEqual([
      'delivered',
      'refused',
      'superseded',
    ]);
  });

  it('ends at once with a push that hangs, which is sent again', async () => {
    endpoint.answer = () => undefined;
    const own = await startNymsWorld();
    try {
      const id = await streamHub(own, own.hubs.one).create({ delivery: endpoint.delivery });
      await streamHub(own, own.hubs.one).call('POST', '/v1/streams/verification', { body: { stream_id: id } });
      await until(async () => (await look(own), endpoint.pushed.length > 0));
      own.app.get(Health).drain();
      const began = performance.now();
      const row = async () =>
        (await own.query<{ lease: string | null; failures: number }>('SELECT lease, failures FROM streams.streams'))[0]!;
      await until(async () => (await row()).lease === null);
      expect(performance.now() - began).toBeLessThan(8_000);
      expect((await row()).failures).toBe(0);
      expect(await own.query('SELECT 1 FROM streams.queue')).toHaveLength(1);
    } finally {
      await own.stop();
    }
  }, 60_000);

  it('holds while the hub pauses, drops when it disables', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const some = await pseudonyms(world, 3);
    for (const { uri } of some) await hub.add(id, uri);
    await look(world);
    const status = (to: string) => hub.call('POST', '/v1/streams/status', { body: { stream_id: id, status: to } });
    await status('paused');
    await revoke(world, [some[0]!]);
    await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    expect((await arrived(1)).map(kindOf)).toEqual([VERIFICATION]); // about the stream, not about a pseudonym
    await status('enabled');
    await arrived(3);
    await settled();
    await status('disabled');
    await revoke(world, [some[1]!]);
    expect(await queued()).toBe(0);
    await status('paused');
    await revoke(world, [some[2]!]);
    expect(await queued()).toBe(2);
    await status('disabled');
    expect(await queued()).toBe(0);
    const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
    expect((body['deliveries'] as { outcome: string }[]).filter(({ outcome }) => outcome === 'dropped')).toHaveLength(2);
  });

  it('holds what is for a suspended hub, and pushes nothing to it', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
    await arrived(1);
    await settled();
    const hubs = Object.values(world.hubs).map(({ entry }) => entry);
    world.setPolicy({
      hubs: hubs.map((entry) => (entry.id === 'https://one.example' ? { ...entry, status: 'suspended' } : entry)),
    });
    const [one] = await pseudonyms(world, 1);
    await world.query("INSERT INTO streams.subjects VALUES ($1, $2, 'uri')", [id, one!.uri]);
    await revoke(world, [one!]);
    await look(world);
    expect(await world.app.get(Delivering).deliver(id)).toBe('done');
    expect([endpoint.pushed.length, await queued()]).toEqual([1, 2]);
    world.setPolicy({ hubs });
    await arrived(3);
    await settled();
  });
});
