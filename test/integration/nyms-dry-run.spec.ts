/** `POST /v1/signals/dry-run` on real PostgreSQL: refuses as intake does, tells what the live policy makes of an event, and keeps nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventTypes, setMediaType, streamEventTypes } from '#contracts';
import { DeliveryFailed, SetRejected } from '#hub-sdk';
import { startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';
import { setSender, unlimited, URI } from '../fakes/set-sender.js';

let world: NymsWorld;
const sandbox = testHub('sandbox', { sandbox: true });
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());
const { claims, good, push, sign, stored } = setSender(() => world);
beforeEach(() => follow());
const follow = (limits = unlimited) =>
  world.setPolicy({
    hubs: [...Object.values(world.hubs), sandbox].map(({ entry }) => entry),
    hold: [{ hubVerified: false }],
    limits,
  });

const dryRun = async (token: string) => {
  const response = await fetch(`${world.url}/v1/signals/dry-run`, {
    method: 'POST',
    headers: { 'content-type': setMediaType, accept: 'application/json' },
    body: token,
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
};
const of = async (events: object, hub: TestHub = world.hubs.one) => (await dryRun(good({ events }, hub))).body;

describe('a rehearsal', () => {
  it.each([
    ['a verified report', eventTypes.abuseReport, { reason: 'spam', hubVerified: true }, { side: 'negative', weight: 10 }],
    [
      'a report that is held',
      eventTypes.abuseReport,
      { reason: 'spam', hubVerified: false },
      { side: 'negative', weight: 3, held: true },
    ],
    ['a ban', eventTypes.ban, { by: 'hub', permanent: true }, { side: 'negative', weight: 8 }],
    ['a commendation', eventTypes.commend, { since: '2026-01-01' }, { side: 'positive', weight: 1 }],
    ['what takes another back', eventTypes.retract, { jti: 'x' }, {}],
    ['a payload that does not fit', eventTypes.kick, { by: 'nobody' }, { payloadValid: false }],
    ['an unknown event', 'urn:other:event', {}, { eventKnown: false, payloadValid: false }],
    ['a stream event', streamEventTypes.streamUpdated, { status: 'paused' }, undefined],
  ])('tells what becomes of %s', async (_, type, payload, expected) => {
    const subject = expected ? {} : { sub_id: { format: 'opaque', id: 's' } };
    const { status, body, headers } = await dryRun(good({ events: { [type]: payload }, ...subject }));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ eventKnown: true, payloadValid: true, weight: 0, held: false, sandbox: false, ...expected });
  });

  it('stores nothing, counts nothing and wakes nobody', async () => {
    const before = (await world.call('GET', '/metrics')).text.match(/nyms_signals_total.*/g);
    for (let i = 0; i < 3; i++) await dryRun(good({ jti: 'rehearsed' }));
    await dryRun(good({ aud: 'https://other.example' }));
    expect(await world.query('SELECT 1 FROM signals.sets')).toEqual([]);
    expect(await world.query('SELECT 1 FROM polling.streams')).toEqual([]);
    expect((await world.call('GET', '/metrics')).text.match(/nyms_signals_total.*/g)).toEqual(before);
    expect((await push(good({ jti: 'rehearsed' }))).status).toBe(202);
    await world.query('DELETE FROM signals.sets');
  });

  it('says nothing of the pseudonym: a known one, an unknown one and one of another provider have the same answer', async () => {
    const { body } = await world.redeemer();
    const minted = await world.call('POST', '/v1/pseudonyms', { body });
    expect(minted.status).toBe(201);
    const uris = [body['uri']!, URI, 'mimi://elsewhere.example/p/x'];
    const answers = await Promise.all(uris.map((uri) => dryRun(good({ sub_id: { format: 'uri', uri } }))));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  it('says nothing of trust, and of the hub only that it is a sandbox', async () => {
    const events = { [eventTypes.kick]: { by: 'hub' } };
    const distrusted = testHub('one', { trust: 0, since: '2026-10-14' });
    world.setPolicy({ hubs: [distrusted.entry, sandbox.entry], limits: unlimited });
    const answers = [await of(events, distrusted), await of(events, sandbox)];
    expect(answers).toEqual(
      [false, true].map((isSandbox) => ({
        eventKnown: true,
        payloadValid: true,
        side: 'negative',
        weight: 2,
        held: false,
        sandbox: isSandbox,
      })),
    );
  });

  it.each<[string, () => string]>([
    ['an unsigned SET', () => good().replace(/\.[^.]*$/, '.')],
    ['another audience', () => good({ aud: 'https://other.example' })],
    ['an unknown hub', () => good({ iss: 'https://nobody.example' })],
    ['a suspended hub', () => good({}, world.hubs.suspended)],
    ['a sub', () => good({ sub: 'x' })],
    ['broken bytes', () => ';{ broken'],
    [
      'a state nobody asked for',
      () => good({ sub_id: { format: 'opaque', id: 's' }, events: { [streamEventTypes.verification]: { state: 'x' } } }),
    ],
  ])('refuses %s as intake does, to the letter', async (_, token) => {
    const same = token();
    const [real, rehearsed] = [await push(same), await dryRun(same)];
    const shown = ({ status, text, headers }: { status: number; text: string; headers: Headers }) => ({
      status,
      text,
      type: headers.get('content-type'),
      language: headers.get('content-language'),
    });
    expect(shown(rehearsed)).toEqual(shown(real));
    expect(rehearsed.status).toBe(400);
  });

  it('has the limit of intake for itself: rehearsals leave signals their turn', async () => {
    follow({ ...unlimited, setsPerSecond: 5 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => dryRun(good())));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(20);
    expect(limited[0]!.headers.get('retry-after')).not.toBeNull();
    expect((await push(good())).status).toBe(202);
  });

  it('is one call of the hub SDK', async () => {
    const client = world.hubClient(world.hubs.one);
    expect(await client.dryRun(URI, eventTypes.kick, { by: 'hub' })).toMatchObject({ side: 'negative', weight: 2 });
    await expect(world.hubClient(world.hubs.suspended).dryRun(URI, eventTypes.kick, { by: 'hub' })).rejects.toThrow(SetRejected);
    await expect(
      world.hubClient(world.hubs.one, { nyms: 'http://127.0.0.1:1' }).dryRun(URI, eventTypes.kick, { by: 'hub' }),
    ).rejects.toThrow(DeliveryFailed);
  });
});

describe('a sandbox', () => {
  it('is answered like any other hub, and its signals wait for nobody', async () => {
    const events = { [eventTypes.abuseReport]: { reason: 'spam', hubVerified: false } };
    const token = sign(sandbox, claims(sandbox, { jti: 'tried', events }));
    expect([(await push(token)).status, (await push(token)).status]).toEqual([202, 202]);
    expect(await stored('tried')).toMatchObject([{ state: 'ignored', token }]);
    expect((await push(sign(sandbox, claims(sandbox, { exp: 1 })))).body?.['err']).toBe('invalid_request');
  });

  it('has no outcomes, and so no trust that follows: its signals are reviewed as little as absent ones', async () => {
    const events = { [eventTypes.ban]: { by: 'hub', permanent: true } };
    await push(sign(sandbox, claims(sandbox, { jti: 'unreviewed', events })));
    const about = { hub: sandbox.entry.id, finding: 'overturned' };
    for (const [type, subject] of [
      ['review-signal', { jti: 'unreviewed' }],
      ['review-reports', { uri: URI }],
    ] as const) {
      const { status } = await world.call('POST', '/v1/moderation/reviews', {
        body: world.statement(type, { ...about, ...subject }),
      });
      expect([type, status]).toEqual([type, 404]);
    }
    expect(await world.query('SELECT 1 FROM trust.reviews WHERE hub = $1', [sandbox.entry.id])).toEqual([]);
  });
});
