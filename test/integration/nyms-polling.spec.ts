/** Hubs that are polled (RFC 8936), on real PostgreSQL, the queue on both of BullMQ's backends: nothing is lost, and nothing counts twice. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { HubPoller } from '../../apps/nyms/src/polling/hub-poller.js';
import { HubStreamsRepository } from '../../apps/nyms/src/polling/hub-streams.repository.js';
import { HubTransmitter } from '../fakes/hub-transmitter.js';
import { startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';
import { setSender, unlimited } from '../fakes/set-sender.js';
import { backends, emptyRedis, redisUrl } from '../servers/redis.js';

const eventually = async (check: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not happen');
};

describe.each(backends)('a hub that is polled, queue on %s', (backend) => {
  let world: NymsWorld;
  let transmitter: HubTransmitter;
  let hub: TestHub;
  beforeAll(async () => {
    await emptyRedis();
    world = await startNymsWorld({ redisUrl: backend === 'redis' ? redisUrl : undefined });
  }, 60_000);
  afterAll(() => world?.stop());
  const { claims, sign } = setSender(() => world);

  beforeEach(async () => {
    transmitter = await HubTransmitter.start();
    const { origin: id, pollUrl } = transmitter;
    hub = testHub('polled', { id, transmitter: { streamId: 'stream-1', pollUrl } });
    await follow();
  });
  afterEach(async () => {
    await follow([]);
    transmitter.stop();
  });
  const follow = async (more: readonly TestHub[] = [hub], limits = unlimited) => {
    world.setPolicy({ hubs: [...Object.values(world.hubs), ...more].map(({ entry }) => entry), limits });
    await world.app.get(HubPoller).look();
  };
  const good = (jti: string, more: object = {}, by = hub) => sign(by, claims(by, { jti, ...more }), { kid: 'polled-1' });
  const queue = (...jtis: string[]) => jtis.forEach((jti) => transmitter.queue(jti, good(jti)));
  const storedOf = (id = hub.entry.id) => world.query<{ jti: string }>('SELECT jti FROM signals.sets WHERE hub = $1', [id]);
  const isStored = async (jti: string) => (await storedOf()).some((row) => row.jti === jti);

  it('is acknowledged what is durable, and then waited for', async () => {
    queue('a', 'b');
    await eventually(() => transmitter.acked.length === 2);
    expect((await storedOf()).map(({ jti }) => jti).sort()).toEqual(['a', 'b']);
    await eventually(() => transmitter.polls.at(-1)!.body.returnImmediately === false);
    queue('c');
    await eventually(() => transmitter.acked.includes('c'));
    expect(transmitter.polls.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    const jobs = world.app.get<Queue>(getQueueToken(queues.weighing));
    await eventually(async () => (await jobs.getJobCountByTypes('waiting', 'delayed', 'prioritized')) > 0);
  });

  it('hears why a SET is refused, in the words of the push', async () => {
    const one = world.hubs.one;
    const forged = { ...one, entry: hub.entry };
    const cases: Record<string, [string, unknown]> = {
      forged: ['authentication_failed', good('forged', {}, forged)],
      others: ['invalid_issuer', sign(one, claims(one, { jti: 'others' }))],
      audience: ['invalid_audience', good('audience', { aud: 'https://other.example' })],
      subject: ['invalid_request', good('subject', { sub: 'x' })],
      'another-key': ['invalid_request', good('its-own')],
      number: ['invalid_request', 7],
    };
    for (const [jti, [, token]] of Object.entries(cases)) transmitter.queue(jti, token);
    queue('fine');
    await eventually(() => transmitter.waiting.size === 0);
    expect(transmitter.acked).toEqual(['fine']);
    const errs = [...transmitter.refused].map(([jti, { err, description }]) => [jti, err, description.length > 0]);
    expect(Object.fromEntries(errs.map(([jti, err, hasWords]) => [jti, [err, hasWords]]))).toEqual(
      Object.fromEntries(Object.entries(cases).map(([jti, [err]]) => [jti, [err, true]])),
    );
    const saying = transmitter.polls.filter(({ body }) => body.setErrs);
    expect(saying.map(({ headers }) => headers['content-language'])).toEqual(saying.map(() => 'en'));
    expect(await isStored('its-own')).toBe(false);
  });

  it('may lose acknowledgements, and may be polled by a process that began anew: what comes again counts once', async () => {
    transmitter.losesAcks = true;
    queue('lost');
    await eventually(() => transmitter.polls.filter(({ body }) => body.ack?.includes('lost')).length > 2);
    await follow([]);
    transmitter.losesAcks = false;
    await follow();
    await eventually(() => transmitter.acked.includes('lost'));
    expect(await storedOf()).toHaveLength(1);
  });

  it('may send thousands in one answer', async () => {
    await follow([]);
    transmitter.ignoresMost = true;
    queue(...Array.from({ length: 3_000 }, (_, i) => `many-${i}`));
    await follow();
    await eventually(() => transmitter.acked.length === 3_000);
    expect(transmitter.polls.length).toBeLessThan(10);
    expect(await storedOf()).toHaveLength(3_000);
  });

  it('is drained as far as it goes, at the rate of its limit, and nothing is lost over it', async () => {
    await follow([]);
    queue(...Array.from({ length: 150 }, (_, i) => `paced-${i}`));
    const began = performance.now();
    await follow([hub], { ...unlimited, setsPerSecond: 100 });
    await eventually(() => transmitter.acked.length === 150);
    expect(performance.now() - began).toBeGreaterThan(400);
    expect(await storedOf()).toHaveLength(150);
    expect(transmitter.refused.size).toBe(0);
  });

  it('is left alone for a while when it fails, and operators hear of it once', async () => {
    const lines = (name: string) => world.lines.filter((line) => line.includes(`"${name}"`) && line.includes(hub.entry.id));
    transmitter.misbehave = (response) => {
      response.writeHead(503, { 'retry-after': '1' }).end();
      return true;
    };
    queue('kept');
    const failed = transmitter.polls.length;
    await eventually(() => transmitter.polls.length > failed + 1);
    transmitter.misbehave = undefined;
    await eventually(() => transmitter.acked.includes('kept'));
    await eventually(() => lines('hub-poll-resumed').length === 1);
    expect(lines('hub-poll-failing')).toHaveLength(1);
    expect(JSON.parse(lines('hub-poll-failing')[0]!)).toMatchObject({ reason: 'busy', hub: hub.entry.id });
  });

  it('is not polled while it is suspended', async () => {
    await follow([{ ...hub, entry: { ...hub.entry, status: 'suspended' } }]);
    const before = transmitter.polls.length;
    queue('later');
    await follow();
    await eventually(() => transmitter.acked.includes('later'));
    expect(transmitter.polls[before]!.body.returnImmediately).toBe(true); // begun anew, not gone on
  });

  it('is polled by one process of two', async () => {
    const second = await world.start();
    await second.app.get(HubPoller).look();
    for (let i = 0; i < 20; i++) {
      queue(`one-${i}`);
      await eventually(() => transmitter.acked.includes(`one-${i}`));
    }
    expect(transmitter.mostAtOnce).toBe(1);
  });

  it('is held by a process until that ends or is silent for its time', async () => {
    const held = world.app.get(HubStreamsRepository);
    expect(await held.hold('https://h.example', 'a', 60)).toBe(true);
    expect(await held.hold('https://h.example', 'b', 60)).toBe(false);
    await held.keep('a', 60);
    expect(await held.hold('https://h.example', 'a', 60)).toBe(true);
    await world.query(`UPDATE polling.streams SET held_until = now() - interval '2 seconds' WHERE holder = 'a'`);
    expect(await held.hold('https://h.example', 'b', 60)).toBe(true);
    await held.release('a');
    expect(await held.hold('https://h.example', 'c', 60)).toBe(false);
    await held.release('b');
    expect(await held.hold('https://h.example', 'c', 60)).toBe(true);
  });
});
