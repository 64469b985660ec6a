/** Token Status Lists of nyms: what is served, what a publication changes, whose an index is, and that none is ever given twice. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { fromBase64Url, statusListMediaType, statusListType } from '#contracts';
import { ListTokens } from '../../apps/nyms/src/status-lists/list-tokens.js';
import { LIST_SIZE } from '../../apps/nyms/src/status-lists/list-bits.js';
import { StatusIndices } from '../../apps/nyms/src/status-lists/status-indices.js';
import { StatusListPublisher } from '../../apps/nyms/src/status-lists/status-list-publisher.js';
import { Retention } from '../../apps/nyms/src/retention/retention.js';
import { AUDIENCE, PUBLIC_URL, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

const PERIOD_MS = 3_600_000;
let world: NymsWorld;
beforeAll(async () => {
  world = await startNymsWorld();
  await publish(0);
  await world.app.get(StatusListPublisher).beforeApplicationShutdown(); // from here on the test publishes
}, 60_000);
afterAll(() => world?.stop());

const mint = async () => {
  const { body } = await world.redeemer();
  expect((await world.call('POST', '/v1/pseudonyms', { body })).status).toBe(201);
  return body['uri']!;
};
const publish = async (periods = 1) => {
  world.clock.advanceMs(periods * PERIOD_MS);
  await world.app.get(StatusListPublisher).publishDue();
};
const listAt = (number: number | string, headers: Record<string, string> = {}) =>
  world.call('GET', `/v1/status-lists/${number}`, { headers: { 'accept-encoding': 'identity', ...headers } });
const claimsOf = async (token: string) => {
  const jwks = (await world.call('GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet;
  const options = { typ: statusListType, issuer: AUDIENCE, currentDate: world.clock.now() };
  return (await jwtVerify(token, createLocalJWKSet(jwks), options)).payload as {
    sub: string;
    iat: number;
    exp: number;
    ttl: number;
    status_list: { bits: number; lst: string; aggregation_uri: string };
  };
};
const bitAt = async ({ list, idx }: { list: number; idx: number }) => {
  const { status_list: published } = decodeJwt<{ status_list: { lst: string } }>((await listAt(list)).text);
  return (inflateSync(fromBase64Url(published.lst))[idx >> 3]! >> (idx & 7)) & 1;
};
const indexOf = (uri: string, active = true) => world.app.get(StatusIndices).of(uri, active);
const revoke = (uri: string) => world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = $1', [uri]);

describe('a status list', () => {
  it('is served as a signed token, dated by its publication, that says how long it may be kept', async () => {
    const answer = await listAt(0);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, statusListMediaType]);
    const { sub, iat, exp, ttl, status_list: list } = await claimsOf(answer.text);
    expect([sub, ttl, exp - iat, iat % 3_600]).toEqual([`${PUBLIC_URL}/v1/status-lists/0`, 3_600, 4 * 3_600, 0]);
    expect([list.bits, list.aggregation_uri]).toEqual([1, `${PUBLIC_URL}/v1/status-lists`]);
    expect(inflateSync(fromBase64Url(list.lst))).toHaveLength(LIST_SIZE / 8);
  });

  it('is one of several, which are listed', async () => {
    const { body } = await world.call('GET', '/v1/status-lists');
    expect(body['status_lists']).toEqual(Array.from({ length: 8 }, (_, number) => `${PUBLIC_URL}/v1/status-lists/${number}`));
    const tokens = await Promise.all(Array.from({ length: 8 }, async (_, number) => (await listAt(number)).text));
    expect(new Set(tokens.map((token) => decodeJwt<{ status_list: { lst: string } }>(token).status_list.lst)).size).toBe(8);
  });

  it('may be cached by anybody until the next publication, compressed, and read by scripts of any origin', async () => {
    const plain = await listAt(1, { origin: 'https://hub.example' });
    expect(plain.headers.get('access-control-allow-origin')).toBe('*');
    expect(plain.headers.get('cache-control')).toBe('public, max-age=3600'); // the clock stands on the hour
    const zipped = await listAt(1, { 'accept-encoding': 'gzip' });
    expect([zipped.headers.get('content-encoding'), zipped.text]).toEqual(['gzip', plain.text]);
    expect(zipped.headers.get('vary')).toMatch(/accept-encoding/i);
    expect((await listAt(1, { 'accept-encoding': 'gzip;q=0' })).headers.get('content-encoding')).toBeNull();
    const known = await listAt(1, { 'if-none-match': plain.headers.get('etag')! });
    expect([known.status, known.text]).toEqual([304, '']);
  });

  it.each(['8', '01', '-1', '1.0', 'x', '99999999', '%00'])('is not found at %s', async (number) => {
    expect(await listAt(number)).toMatchObject({ status: 404, body: { type: '/errors/not-found' } });
  });
});

describe('an index', () => {
  it('of an active pseudonym is its own, and shown as valid', async () => {
    const uris = await Promise.all([mint(), mint(), mint()]);
    const indices = await Promise.all(uris.map((uri) => indexOf(uri)));
    expect(new Set(indices.map(({ list, idx }) => `${list}/${idx}`)).size).toBe(3);
    expect(await Promise.all(indices.map(bitAt))).toEqual([0, 0, 0]);
    expect(await Promise.all(uris.map((uri) => indexOf(uri)))).toEqual(indices);
  });

  it('changes its bit at the next publication and not before, and nothing served changes in between', async () => {
    const uri = await mint();
    const index = await indexOf(uri);
    const before = (await listAt(index.list)).text;
    await revoke(uri);
    await publish(0);
    expect((await listAt(index.list)).text).toBe(before);
    world.clock.advanceMs(PERIOD_MS - 1);
    await publish(0);
    expect((await listAt(index.list)).text).toBe(before);
    world.clock.advanceMs(1);
    expect((await listAt(index.list)).text).toBe(before); // the period is over, but nothing is published yet
    await publish(0);
    expect(await bitAt(index)).toBe(1);
  });

  it('that was shown ended belongs to nobody any more: one that comes back gets another', async () => {
    const uri = await mint();
    const before = await indexOf(uri);
    await revoke(uri);
    await publish();
    await world.query('UPDATE pseudonyms.pseudonyms SET revoked = false WHERE uri = $1', [uri]);
    const after = await indexOf(uri);
    expect(after).not.toEqual(before);
    await publish();
    expect(await Promise.all([bitAt(before), bitAt(after)])).toEqual([1, 0]);
  });

  it('stays ended and used when retention takes the pseudonym, also before anything was published', async () => {
    const uri = await mint();
    const index = await indexOf(uri);
    await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = $1', [uri, world.clock.today() - 60]);
    await world.app.get(Retention).removeOld();
    expect(await world.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1', [uri])).toEqual([]);
    expect(
      await world.query('SELECT uri FROM status_lists.indices WHERE list = $1 AND idx = $2', [index.list, index.idx]),
    ).toEqual([{ uri: null }]);
    await publish();
    expect(await bitAt(index)).toBe(1);
  });

  it('is given to a pseudonym of before there were lists when it is asked about', async () => {
    const uri = await mint();
    await world.query('DELETE FROM status_lists.indices WHERE uri = $1', [uri]);
    const index = await indexOf(uri);
    expect([await indexOf(uri), await bitAt(index)]).toEqual([index, 0]);
  });
});

describe('publishing', () => {
  it('happens once in any number of processes, which serve the same bytes', async () => {
    const { app, url } = await world.start();
    const uri = await mint();
    const index = await indexOf(uri);
    await revoke(uri);
    world.clock.advanceMs(PERIOD_MS);
    await Promise.all([world.app, app].map((one) => one.get(StatusListPublisher).publishDue()));
    const here = (await listAt(index.list)).text;
    const there = await (await fetch(`${url}/v1/status-lists/${index.list}`)).text();
    expect(there).toBe(here);
    expect(await bitAt(index)).toBe(1);
    expect(world.lines.filter((line) => line.includes('"status-lists-failed"'))).toEqual([]);
  });

  it('opens more lists when half of what is for pseudonyms was given, and indices are drawn over all of them', async () => {
    await world.query(
      `INSERT INTO status_lists.indices (list, idx) SELECT n % 8, n / 8 FROM generate_series(0, 330000) n ON CONFLICT DO NOTHING`,
    );
    await publish();
    const { body } = await world.call('GET', '/v1/status-lists');
    expect(body['status_lists']).toHaveLength(16);
    const uris = await Promise.all(Array.from({ length: 24 }, mint));
    const lists = await Promise.all(uris.map(async (uri) => (await indexOf(uri)).list));
    expect(lists.some((list) => list >= 8)).toBe(true); // all of 24 below: one run in 10^7 or less
    expect(await Promise.all((await Promise.all(uris.map((uri) => indexOf(uri)))).map(bitAt))).toEqual(uris.map(() => 0));
  }, 60_000);

  it('is what the hub SDK reads: a question once, then lists only', async () => {
    const asked: string[] = [];
    const client = world.hubClient(world.hubs.one, {
      fetch: (input, init) => {
        const where = String(input instanceof Request ? input.url : input).replace(PUBLIC_URL, world.url);
        asked.push(new URL(where).pathname.split('/')[2]!);
        return fetch(where, init);
      },
    });
    const uri = await mint();
    for (let time = 0; time < 3; time++) expect(await client.isActiveByList(uri)).toBe(true);
    await revoke(uri);
    expect(await client.isActiveByList(uri)).toBe(true); // not published yet
    await publish();
    expect(await client.isActiveByList(uri)).toBe(false);
    expect(asked.filter((kind) => kind === 'pseudonyms')).toHaveLength(2);
    expect(asked.filter((kind) => kind === 'status-lists')).toHaveLength(2);
    expect(await client.isActiveByList(`${uri.slice(0, -3)}aaa`)).toBe(false);
  });

  it('names lists by the address that hubs know', () => {
    expect(world.app.get(ListTokens).uriOf(5)).toBe(`${PUBLIC_URL}/v1/status-lists/5`);
  });
});
