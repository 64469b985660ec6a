/** Pushes (RFC 8935) to endpoints that answer wrongly, slowly, from elsewhere or as somebody else, and what an outage left: nothing is lost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { LooseCertificates } from '../fakes/certificates.js';
import { ctlOn } from '../fakes/ctl-on.js';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { unlimited } from '../fakes/set-sender.js';
import { PUSH, PushEndpoint } from '../fakes/push-endpoint.js';
import { DISABLED, look, pseudonyms, REVOKED, streamHub, told, until, VERIFICATION } from '../fakes/stream-hub.js';

const ENABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-enabled';
const taken = (response: ServerResponse) => void response.writeHead(202).end();

let world: NymsWorld;
let hub: ReturnType<typeof streamHub>;
let endpoint: PushEndpoint;
const loose = new LooseCertificates();
/** Where names lead, and which of the addresses count as public. */
const names = { leadTo: ['127.0.0.1'], public: ['127.0.0.1'] };
let authority: Awaited<ReturnType<LooseCertificates['authority']>>;
beforeAll(async () => {
  authority = await loose.authority();
  world = await startNymsWorld({
    policy: { limits: unlimited },
    push: {
      ca: authority.certificate,
      isAllowed: (address) => names.public.includes(address),
      resolve: (_host, done) =>
        done(
          null,
          names.leadTo.map((address) => ({ address, family: 4 })),
        ),
    },
  });
  hub = streamHub(world, world.hubs.one);
}, 60_000);
afterAll(async () => {
  await world?.stop();
  loose.remove();
});
beforeEach(async () => {
  endpoint = await PushEndpoint.start();
});
afterEach(async () => {
  await world.query('DELETE FROM streams.streams');
  await endpoint.stop();
});

const stream = async () =>
  (
    await world.query<{ lease: string | null; failures: number; last_failure: string | null; next_attempt_at: Date | null }>(
      'SELECT lease, failures, last_failure, next_attempt_at FROM streams.streams',
    )
  )[0]!;
const queued = () => world.query<{ jti: string; dead: boolean }>('SELECT jti, dead FROM streams.queue');
const settled = () => until(async () => (await look(world), (await queued()).length === 0));
/** One more push has failed, and the stream rests. */
const failed = async (times: number) => {
  await until(async () => {
    await look(world);
    const { failures, lease } = await stream();
    return failures >= times && lease === null;
  });
  return stream();
};
const verify = (id: string) => hub.call('POST', '/v1/streams/verification', { body: { stream_id: id } });
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
    jti: string;
    sub_id: { uri: string };
    events: Record<string, unknown>;
  };
const outcomes = async (id: string) => {
  const { body } = await hub.call('GET', `/v1/streams/deliveries?stream_id=${id}`);
  return (body['deliveries'] as { outcome: string }[]).map(({ outcome }) => outcome);
};

describe('an endpoint', () => {
  it.each<[string, number, Record<string, string>, number]>([
    ['redirects', 307, { location: 'http://127.0.0.1:1/inside' }, 0],
    ['does not know us', 401, { 'www-authenticate': 'Bearer' }, 0],
    ['is not where it was', 404, {}, 0],
    ['answers 400 and no error of RFC 8935', 400, {}, 0],
    ['has too many requests', 429, { 'retry-after': '3600' }, 3_600_000],
    ['fails', 500, {}, 0],
    ['fails and says when to come again', 500, { 'retry-after': '60' }, 60_000],
    ['is away for a time that it knows', 503, { 'retry-after': '600' }, 600_000],
  ])('that %s has its SET kept, and gets it later, once', async (_what, status, headers, askedMs) => {
    const id = await hub.create({ delivery: endpoint.delivery });
    endpoint.answer = (response) => void response.writeHead(status, headers).end();
    await verify(id);
    const { last_failure: failure, next_attempt_at: next } = await failed(1);
    expect(failure).toBe(`status-${status}`);
    expect(next!.getTime() - world.clock.now().getTime()).toBeGreaterThanOrEqual(Math.max(500, askedMs));
    expect(await queued()).toEqual([expect.objectContaining({ dead: false })]);
    endpoint.answer = taken;
    world.clock.advanceMs(3_600_000);
    await settled();
    expect(new Set(endpoint.pushed.map(({ token }) => token)).size).toBe(1);
    expect([endpoint.pushed.length, await outcomes(id)]).toEqual([2, ['delivered']]);
  });

  it('by https is pushed to at a public address with a certificate that holds, and nothing goes anywhere else', async () => {
    const pushed: string[] = [];
    const lastMonth = new Date(Date.now() - 30 * 86_400_000);
    const other = await loose.authority();
    const wrong = {
      ofAnother: await loose.certificate(other, 'witness'),
      ofAnotherName: await loose.certificate(authority, 'keyholder'),
      expired: await loose.certificate(authority, 'witness', { from: lastMonth, days: 10 }),
      selfSigned: other,
    };
    const right = await loose.certificate(authority, 'witness');
    const server = createServer(pairOf(wrong.ofAnother), (request, response) => {
      request.on('data', (part: Buffer) => pushed.push(part.toString()));
      request.on('end', () => taken(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `https://witness:${(server.address() as AddressInfo).port}/events`;
      const id = await hub.create({ delivery: { method: PUSH, endpoint_url: url, authorization_header: 'Bearer of-the-hub' } });
      const failsAs = async (failure: string) => {
        const { failures } = await stream();
        world.clock.advanceMs(900_000);
        expect((await failed(failures + 1)).last_failure).toBe(failure);
      };
      names.public = []; // what the name leads to is inside, whatever it was when the stream was made
      await verify(id);
      await failsAs('address-refused');
      names.leadTo = [];
      await failsAs('address-refused');
      names.public = names.leadTo = ['127.0.0.1'];
      for (const each of Object.values(wrong)) {
        server.setSecureContext(pairOf(each));
        await failsAs('certificate');
      }
      expect([pushed, (await queued()).length]).toEqual([[], 1]);
      server.setSecureContext(pairOf(right));
      world.clock.advanceMs(900_000);
      await settled();
      expect(pushed.map((token) => Object.keys(claimsOf(token).events))).toEqual([[VERIFICATION]]);
    } finally {
      names.public = names.leadTo = ['127.0.0.1'];
      server.closeAllConnections();
      server.close();
    }
  });

  it('that is slow gets each SET once, sixteen at a time, however often we look', async () => {
    const held: ServerResponse[] = [];
    endpoint.answer = (response) => void held.push(response);
    const id = await hub.create({ delivery: endpoint.delivery });
    const some = await pseudonyms(world, 40);
    await subscribe(id, some);
    await told(
      world,
      some.map(({ uri }) => uri),
      'disabled',
    );
    for (let answered = 0; answered < 40;) {
      const due = Math.min(16, 40 - answered);
      await until(async () => (await look(world), held.length === due));
      for (const response of held.splice(0)) taken(response);
      answered += due;
    }
    await settled();
    expect(new Set(endpoint.pushed.map(({ token }) => token)).size).toBe(40);
    expect(endpoint.pushed).toHaveLength(40);
  });
});

describe('a dead letter', () => {
  it('that is sent again does not overtake a newer change that is on its way', async () => {
    const id = await hub.create({ delivery: endpoint.delivery });
    const some = await pseudonyms(world, 1);
    await subscribe(id, some);
    endpoint.answer = (response) => void response.writeHead(400).end('{"err":"invalid_request"}');
    await told(world, some[0]!.uri, 'disabled');
    await until(async () => (await look(world), (await queued())[0]?.dead));
    const held: ServerResponse[] = [];
    endpoint.answer = (response) => void held.push(response);
    await told(world, some[0]!.uri, 'enabled');
    await until(async () => (await look(world), held.length === 1));
    expect(await ctlOn(() => world)('stream', 'redrive', world.hubs.one.entry.id)).toBe('1 SET is sent again');
    endpoint.answer = taken;
    for (const response of held) taken(response);
    await settled();
    expect(endpoint.pushed.map(({ token }) => Object.keys(claimsOf(token).events)[0])).toEqual([DISABLED, ENABLED]);
    expect((await outcomes(id)).sort()).toEqual(['delivered', 'refused', 'superseded']);
  });
});

describe('what an outage left', () => {
  const full = process.env['NYMTALLY_TEST_FULL'] === '1';
  const count = full ? 20_000 : 120;

  it(`of ${count * 5} SETs is pushed in the order of each subject, none is lost, and one comes twice only when its answer was`, async () => {
    const id = await hub.create({ delivery: endpoint.delivery, signing_alg: 'EdDSA' });
    endpoint.answer = (response) => void response.writeHead(503).end();
    const some = await pseudonyms(world, count);
    const uris = some.map(({ uri }) => uri);
    await subscribe(id, some);
    // all in one hour, within which the queue has no order but that of each subject
    for (const change of ['disabled', 'enabled', 'disabled', 'revoked'] as const)
      for (let at = 0; at < uris.length; at += 2_000) await told(world, uris.slice(at, at + 2_000), change);
    await failed(1);
    const all = new Set((await queued()).map(({ jti }) => jti));
    expect(all.size).toBe(count * 5);

    let pushes = 0;
    const acknowledged = new Map<string, Set<string>>();
    const unanswered = new Set<string>();
    endpoint.answer = (response, { token }) => {
      const { jti, sub_id: subject, events } = claimsOf(token);
      pushes += 1;
      // taken, and the answer lost on the way: it comes again, before anything newer of its subject
      if (pushes % 97 === 0 && !unanswered.has(jti)) {
        unanswered.add(jti);
        return void response.destroy();
      }
      const of = acknowledged.get(subject.uri) ?? new Set();
      acknowledged.set(subject.uri, of.add(`${jti} ${Object.keys(events)[0]}`));
      taken(response);
    };
    await until(async () => {
      const { next_attempt_at: next } = await stream();
      if (next) world.clock.advanceMs(Math.max(0, next.getTime() - world.clock.now().getTime()));
      await look(world);
      return (await world.query('SELECT 1 FROM streams.queue LIMIT 1')).length === 0;
    }, 900_000);
    const given = [...acknowledged.values()].flatMap((of) => [...of]);
    expect(new Set(given.map((each) => each.split(' ')[0]))).toEqual(all);
    expect([given.length, unanswered.size > 0]).toEqual([count * 5, true]);
    const kinds = [...acknowledged.values()].map((of) => [...of].map((each) => each.split(' ')[1]));
    const right = [DISABLED, ENABLED, DISABLED];
    const wrong = kinds.filter(
      (each) => `${each.slice(0, 3)}` !== `${right}` || `${each.slice(3).sort()}` !== `${[REVOKED, DISABLED].sort()}`,
    );
    expect([acknowledged.size, wrong]).toEqual([count, []]);
  }, 1_200_000);
});

const pairOf = ({ key, certificate: cert }: { key: string; certificate: string }) => ({ key, cert });
const subscribe = (id: string, some: readonly { uri: string }[]) =>
  world.query("INSERT INTO streams.subjects SELECT $1, uri, 'uri' FROM unnest($2::text[]) AS uri", [
    id,
    some.map(({ uri }) => uri),
  ]);
