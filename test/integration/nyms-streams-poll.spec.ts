/** Notices by poll (RFC 8936): acknowledged, lost, waited for; in per-subject order; a long queue drained without loss. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Notices } from '../../apps/nyms/src/streams/notices/notices.repository.js';
import { AddedSubjects } from '../../apps/nyms/src/streams/subjects/added-subjects.repository.js';
import { Arrivals } from '../../apps/nyms/src/streams/polling/arrivals.js';
import { PrismaClient } from '#db/nyms';
import { Health } from '#platform';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { unlimited } from '../fakes/set-sender.js';
import { become, DISABLED, pseudonyms, REVOKED, revoke, streamHub, told, until, VERIFICATION } from '../fakes/stream-hub.js';

const ENABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-enabled';

let world: NymsWorld;
let hub: ReturnType<typeof streamHub>;
beforeAll(async () => {
  world = await startNymsWorld({ policy: { limits: unlimited } });
  hub = streamHub(world, world.hubs.one);
}, 60_000);
afterAll(() => world?.stop());
afterEach(async () => void (await world.query('DELETE FROM streams.streams')));

/** Until all that was added is looked at, by this or by the process's own look, which may be at it. */
const lookedAt = () =>
  until(async () => {
    await world.app.get(AddedSubjects).tell();
    return (await world.query('SELECT 1 FROM streams.fresh_subjects')).length === 0;
  });
const ready = async (count: number) => {
  const id = await hub.create();
  const some = await pseudonyms(world, count);
  for (const { uri } of some) await hub.add(id, uri);
  await lookedAt();
  return { id, some };
};
const jtis = (answer: { body: Record<string, unknown> }) => Object.keys(answer.body['sets'] as object);

describe('poll', () => {
  it('gives the verification event at once, as the conformance suite asks for it', async () => {
    const id = await hub.create();
    await hub.call('POST', '/v1/streams/verification', { body: { stream_id: id, state: 's' } });
    const answer = await hub.poll(id, { maxEvents: 10, returnImmediately: true });
    expect([answer.status, jtis(answer).length]).toEqual([200, 1]);
    const [set] = await hub.drain(id);
    expect(set).toMatchObject({ sub_id: { format: 'opaque', id }, events: { [VERIFICATION]: { state: 's' } } });
    expect((await hub.poll(id)).body).toEqual({ sets: {} });
  });

  it('gives a SET again until it is acknowledged, also when an acknowledgement was lost or comes twice', async () => {
    const { id, some } = await ready(1);
    await revoke(world, some);
    const first = jtis(await hub.poll(id));
    expect(first).toHaveLength(2);
    expect(jtis(await hub.poll(id)).sort()).toEqual([...first].sort());
    const acknowledged = await hub.poll(id, { ack: [first[0]] });
    expect(jtis(acknowledged)).toEqual([first[1]]);
    expect((await hub.poll(id, { ack: [...first, 'unknown'] })).body).toEqual({ sets: {} });
    expect((await hub.poll(id, { ack: first })).body).toEqual({ sets: {} });
    const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
    expect(body['deliveries']).toHaveLength(2);
  });

  it('only acknowledges when no events are asked for', async () => {
    const { id, some } = await ready(1);
    await revoke(world, some);
    const [one, other] = jtis(await hub.poll(id));
    expect((await hub.poll(id, { ack: [one], maxEvents: 0 })).body).toEqual({ sets: {} });
    expect(jtis(await hub.poll(id))).toEqual([other]);
  });

  it('gives no more than was asked for, and says that there is more', async () => {
    const { id, some } = await ready(5);
    await revoke(world, some);
    const answer = await hub.poll(id, { maxEvents: 3 });
    expect([jtis(answer).length, answer.body['moreAvailable']]).toEqual([3, true]);
    expect(await hub.drain(id)).toHaveLength(10);
  });

  it('makes a dead letter of what the receiver cannot take', async () => {
    const { id, some } = await ready(1);
    await revoke(world, some);
    const [bad, good] = jtis(await hub.poll(id)) as [string, string];
    const answer = await hub.poll(id, { ack: [good], setErrs: { [bad]: { err: 'invalid_audience', description: 'not me' } } });
    expect(answer.body).toEqual({ sets: {} });
    const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
    expect(body).toMatchObject({ waiting: 0, dead: 1 });
    expect(body['deliveries']).toEqual(
      expect.arrayContaining([expect.objectContaining({ jti: bad, outcome: 'refused', err: 'invalid_audience' })]),
    );
  });

  it('waits for something to come', async () => {
    const { id, some } = await ready(1);
    const waiting = hub.poll(id, { returnImmediately: false });
    await revoke(world, some);
    expect(jtis(await waiting)).toHaveLength(2);
  });

  it('keeps no process from ending', async () => {
    const id = await hub.create();
    const { app, url } = await world.start();
    const headers = {
      authorization: `Bearer ${await world.issuer.token('https://one.example')}`,
      'content-type': 'application/json',
    };
    const waiting = fetch(`${url}/v1/streams/poll/${id}`, { method: 'POST', headers, body: '{}' });
    const began = performance.now();
    await until(() => app.get(Arrivals).count > 0);
    app.get(Health).drain();
    expect(await (await waiting).json()).toEqual({ sets: {} });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('lets two of a stream wait, and answers the third at once', async () => {
    const { id, some } = await ready(1);
    const waiting = [1, 2].map(() => hub.poll(id, { returnImmediately: false }));
    await until(() => world.app.get(Arrivals).count === 2);
    expect((await hub.poll(id, { returnImmediately: false })).body).toEqual({ sets: {} });
    await revoke(world, some);
    for (const answer of await Promise.all(waiting)) expect(jtis(answer)).toHaveLength(2);
  });

  it.each([{ maxEvents: -1 }, { maxEvents: 'x' }, { ack: 'x' }, { ack: [''] }, { setErrs: { x: {} } }, { returnImmediately: 1 }])(
    'refuses %j',
    async (body) => {
      const id = await hub.create();
      expect((await hub.call('POST', `/v1/streams/poll/${id}`, { body })).status).toBe(400);
    },
  );

  it('is not for a stream that is pushed', async () => {
    const id = await hub.create({ delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://hub.example/events' } });
    expect((await hub.poll(id)).status).toBe(404);
  });

  it('gives nothing of a paused stream but what is about the stream', async () => {
    const { id, some } = await ready(1);
    await hub.call('POST', '/v1/streams/status', { body: { stream_id: id, status: 'paused' } });
    await revoke(world, some);
    expect((await hub.poll(id)).body).toEqual({ sets: {} });
    await hub.call('POST', '/v1/streams/status', { body: { stream_id: id, status: 'enabled' } });
    expect(await hub.drain(id)).toHaveLength(2);
  });
});

describe('a term', () => {
  it('is told as no end of a credential, but to who adds the pseudonym meanwhile as any that is not active, and its end as a return', async () => {
    const { id, some } = await ready(1);
    const kinds = async (stream: string) => {
      await lookedAt();
      return (await hub.drain(stream)).flatMap(({ events }) => Object.keys(events));
    };
    expect(await become(world, some, 'disabled')).toEqual({ revoked: 0, disabled: 1, enabled: 0 });
    expect(await kinds(id)).toEqual([DISABLED]);
    await world.query('DELETE FROM streams.streams');
    const later = await hub.create();
    await hub.add(later, some[0]!.uri);
    expect((await kinds(later)).sort()).toEqual([REVOKED, DISABLED].sort());
    expect(await become(world, some, 'enabled')).toEqual({ revoked: 0, disabled: 0, enabled: 1 });
    expect(await become(world, some, 'enabled')).toEqual({ revoked: 0, disabled: 0, enabled: 0 });
    expect(await kinds(later)).toEqual([ENABLED]);
  });
});

describe('order', () => {
  it('is kept for one subject: nothing is given while an earlier change waits', async () => {
    const { id, some } = await ready(1);
    const { uri } = some[0]!;
    await told(world, uri, 'disabled');
    await told(world, uri, 'enabled');
    await told(world, uri, 'revoked');
    const kinds: string[][] = [];
    for (let round = 0; round < 3; round++) {
      const answer = await hub.poll(id);
      const sets = Object.values(answer.body['sets'] as Record<string, string>);
      kinds.push(sets.flatMap((token) => Object.keys(claimsOf(token).events)).sort());
      await hub.poll(id, { ack: jtis(answer), maxEvents: 0 });
    }
    expect(kinds).toEqual([[DISABLED], [ENABLED], [REVOKED, DISABLED].sort()]);
  });

  const full = process.env['NYMTALLY_TEST_FULL'] === '1';
  const count = full ? 20_000 : 400;
  it(`of ${count * 5} SETs that an outage left is kept in each subject while they are drained, and none is lost`, async () => {
    const id = await hub.create({ signing_alg: 'EdDSA' });
    const some = await pseudonyms(world, count);
    const uris = some.map(({ uri }) => uri);
    await world.query("INSERT INTO streams.subjects SELECT $1, uri, 'uri' FROM unnest($2::text[]) AS uri", [id, uris]);
    // all in one hour, within which the queue has no order but that of each subject
    for (const change of ['disabled', 'enabled', 'disabled', 'revoked'] as const)
      for (let at = 0; at < uris.length; at += 2_000) await told(world, uris.slice(at, at + 2_000), change);
    const seen = new Map<string, string[]>();
    const known = new Set<string>();
    for (let ack: string[] = []; ;) {
      const { body } = await hub.poll(id, { ack, maxEvents: 1_000 });
      const sets = Object.entries(body['sets'] as Record<string, string>);
      if (sets.length === 0) break;
      for (const [jti, token] of sets) {
        const { sub_id: subject, events } = claimsOf(token);
        if (known.has(jti)) continue;
        known.add(jti);
        seen.set(subject.uri, [...(seen.get(subject.uri) ?? []), ...Object.keys(events)]);
      }
      ack = sets.map(([jti]) => jti);
    }
    expect(known.size).toBe(count * 5);
    const last = [REVOKED, DISABLED].sort();
    const wrong = [...seen.values()].filter(
      (kinds) =>
        JSON.stringify([...kinds.slice(0, 3), ...kinds.slice(3).sort()]) !==
        JSON.stringify([DISABLED, ENABLED, DISABLED, ...last]),
    );
    expect(wrong).toEqual([]);
    expect(seen.size).toBe(count);
  }, 600_000);
});

describe('a subject that is not active when it is added', () => {
  it('is told of like one that ends, whether it was revoked, has expired or was never there', async () => {
    const id = await hub.create();
    const [active, revoked, expired] = await pseudonyms(world, 3);
    await revoke(world, [revoked!]);
    await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = $1', [expired!.uri, world.clock.today()]);
    const unknown = 'mimi://provider.example/p/neverthere';
    const answers = [];
    for (const uri of [active!.uri, revoked!.uri, expired!.uri, unknown]) answers.push(await hub.add(id, uri));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 ']));
    await lookedAt();
    const sets = await hub.drain(id);
    const of = (uri: string) =>
      sets
        .filter(({ sub_id: subject }) => subject['uri'] === uri)
        .map(({ events }) => Object.keys(events)[0])
        .sort();
    const ended = [REVOKED, DISABLED].sort();
    expect([active!.uri, revoked!.uri, expired!.uri, unknown].map(of)).toEqual([[], ended, ended, ended]);
    for (let times = 0; times < 3; times++) {
      await hub.add(id, unknown);
      await hub.add(id, revoked!.uri);
      await lookedAt();
    }
    expect(await hub.drain(id)).toHaveLength(4); // told again, and once however often it was asked
  });

  it('is told of once when it ends while it is added', async () => {
    const id = await hub.create();
    const [one] = await pseudonyms(world, 1);
    const client = world.app.get(PrismaClient);
    await hub.add(id, one!.uri);
    await client.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = ${one!.uri}`;
      await world.app.get(AddedSubjects).tell(); // sees a pseudonym that is locked, and leaves it
      await world.app.get(Notices).tell(tx, [{ uri: one!.uri, change: 'revoked' }]);
    });
    await lookedAt();
    expect(await hub.drain(id)).toHaveLength(2);
  });

  it('is told of when its end was not yet committed as it was added', async () => {
    const id = await hub.create();
    const [one] = await pseudonyms(world, 1);
    const client = world.app.get(PrismaClient);
    await client.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = ${one!.uri}`;
      await world.app.get(Notices).tell(tx, [{ uri: one!.uri, change: 'revoked' }]); // nobody has added it
      await hub.add(id, one!.uri);
      await world.app.get(AddedSubjects).tell();
    });
    await lookedAt();
    expect(await hub.drain(id)).toHaveLength(2);
  });
});

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub_id: { uri: string }; events: object };
