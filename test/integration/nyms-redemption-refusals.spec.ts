/** What a redemption is refused for before anything is spent or stored. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBase64Url, toBase64Url } from '#contracts';
import { generateSigningKey } from '#platform';
import { toSelectorJson } from '#pseudonyms';
import { subjectOf } from '#tickets';
import { DOMAIN, flipped, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());
afterEach(() => world.keyholder.instead.clear());

const redeem = (body: object) => world.call('POST', '/v1/pseudonyms', { body });

describe('redemption', () => {
  describe('refuses what is malformed before it asks anybody', () => {
    const broken: [string, (body: Record<string, string>) => Record<string, unknown>][] = [
      ['an address of another provider', (body) => ({ ...body, uri: body['uri']!.replace(DOMAIN, 'other.example') })],
      ['a client of another pseudonym', (body) => ({ ...body, clientUri: `mimi://${DOMAIN}/d/other/phone` })],
      ['no address at all', (body) => ({ ...body, uri: 'hello' })],
      ['a proof with a flipped bit', (body) => ({ ...body, proof: flipped(body['proof']!) })],
      ['a short salt', (body) => ({ ...body, salt: body['salt']!.slice(0, 10) })],
      ['a key with another prefix', (body) => ({ ...body, publicKey: `AAAA${body['publicKey']!.slice(4)}` })],
      ['a truncated key', (body) => ({ ...body, publicKey: body['publicKey']!.slice(0, 58) })],
      ['a wrapped ticket without end', (body) => ({ ...body, wrapped: 'A'.repeat(1_001) })],
      ['an unknown field', (body) => ({ ...body, account: 'alice' })],
      ['a missing field', ({ salt: _salt, ...body }) => body],
      [
        'a key of small order',
        (body) => ({
          ...body,
          publicKey: toBase64Url(Uint8Array.from([...fromBase64Url(body['publicKey']!).subarray(0, 12), ...new Uint8Array(32)])),
        }),
      ],
    ];
    it.each(broken)('%s', async (_, change) => {
      const { body } = await world.redeemer();
      const before = world.keyholder.count('/v1/mints');
      const answer = await redeem(change(body));
      expect([answer.status, answer.body['type']]).toEqual([400, '/errors/request-malformed']);
      expect(answer.text).not.toContain(body['wrapped']!.slice(0, 40));
      expect(world.keyholder.count('/v1/mints')).toBe(before);
    });

    it('what is no JSON, no object, too large or of another type', async () => {
      const { body } = await world.redeemer();
      const send = async (payload: string, headers = {}) =>
        (await world.call('POST', '/v1/pseudonyms', { body: payload, headers })).status;
      expect(await send('{')).toBe(400);
      expect(await send('[]')).toBe(400);
      expect(await send('null')).toBe(400);
      expect(await send(JSON.stringify({ ...body, wrapped: 'A'.repeat(70_000) }))).toBe(413);
      expect(await send(JSON.stringify(body), { 'content-type': 'text/plain' })).toBe(415);
      expect((await world.call('GET', '/v1/pseudonyms')).status).toBe(405);
    });
  });

  describe('stores nothing that the pinned key holder has not signed', () => {
    const wrong: [string, (subject: Uint8Array) => unknown][] = [
      [
        'another key',
        (subject) => ({
          ...toSelectorJson(world.keyholder.selector(subject, 1)),
          signature: toBase64Url(generateSigningKey().sign(new Uint8Array(8))),
        }),
      ],
      ['another subject', () => toSelectorJson(world.keyholder.selector(new Uint8Array(32), 1))],
      ['another cohort than was signed', (subject) => ({ ...toSelectorJson(world.keyholder.selector(subject, 1)), cohort: 4 })],
      [
        'bytes of another length',
        (subject) => toSelectorJson(world.keyholder.selector(subject, 1, { bytes: new Uint8Array(17) })),
      ],
      ['no selector at all', () => ({ hello: 'world' })],
    ];
    it.each(wrong)('%s', async (name, make) => {
      const { body } = await world.redeemer();
      const subject = await subjectOf(fromBase64Url(body['salt']!), body['uri']!, fromBase64Url(body['publicKey']!));
      world.keyholder.instead.set('/v1/mints', [() => make(subject)]);
      const answer = await redeem(body);
      expect(answer.status).toBe(name === 'no selector at all' ? 503 : 500);
      expect(await world.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1', [body['uri']])).toEqual([]);
    });
  });
});
