/** Status of pseudonyms for hubs: signed questions, signed answers of one length that tell active from not active and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { createPrivateKey } from 'node:crypto';
import { statusAnswerType, statusRequestType, toBase64Url } from '#contracts';
import { AUDIENCE, DOMAIN, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';

let world: NymsWorld;
let uris: { active: string; revoked: string; expired: string; unknown: string };
beforeAll(async () => {
  world = await startNymsWorld();
  const mint = async () => {
    const { body } = await world.redeemer();
    expect((await world.call('POST', '/v1/pseudonyms', { body })).status).toBe(201);
    return body['uri']!;
  };
  uris = { active: await mint(), revoked: await mint(), expired: await mint(), unknown: (await world.redeemer()).body['uri']! };
  await world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = $1', [uris.revoked]);
  await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = $1', [uris.expired, world.clock.today()]);
}, 60_000);
afterAll(() => world?.stop());

const question = (uri: string, hub: TestHub = world.hubs.one, more: object = {}, typ: string = statusRequestType) =>
  new SignJWT({
    iss: hub.entry.id,
    aud: AUDIENCE,
    iat: Math.floor(world.clock.now().getTime() / 1_000),
    sub_id: { format: 'uri', uri },
    ...more,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ, kid: hub.entry.keys[0]!.kid })
    .sign(createPrivateKey(hub.key.toPem()));
const ask = async (uri: string, token?: string) =>
  world.call('GET', `/v1/pseudonyms/${encodeURIComponent(uri)}/status`, {
    headers: { authorization: `Bearer ${token ?? (await question(uri))}` },
  });
const claimsOf = async (answer: Awaited<ReturnType<typeof ask>>) => {
  const jwks = (await world.call('GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet;
  const { payload } = await jwtVerify(answer.body['status'] as string, createLocalJWKSet(jwks), {
    typ: statusAnswerType,
    audience: 'https://one.example',
    currentDate: world.clock.now(),
  });
  return payload;
};

describe('the status of a pseudonym', () => {
  it('is active for a living one, and not active for unknown, expired and revoked alike', async () => {
    const day = Math.floor(world.clock.now().getTime() / 86_400_000) * 86_400;
    for (const [name, uri] of Object.entries(uris)) {
      const answer = await ask(uri);
      expect(answer.status).toBe(200);
      expect(await claimsOf(answer)).toEqual({
        iss: AUDIENCE,
        aud: 'https://one.example',
        iat: day,
        sub_id: { format: 'uri', uri },
        active: name === 'active',
        status: {
          status_list: {
            idx: expect.any(Number),
            uri: expect.stringMatching(/^https:\/\/nyms\.provider\.example\/v1\/status-lists\/\d+$/),
          },
        },
      });
    }
  });

  it('has answers of one length and with the same headers', async () => {
    const answers = await Promise.all(Object.values(uris).map((uri) => ask(uri)));
    expect(new Set(answers.map(({ text }) => text.length)).size).toBe(1);
    const headers = answers.map((answer) => [...answer.headers.entries()].filter(([name]) => name !== 'date'));
    for (const other of headers) expect(other).toEqual(headers[0]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(decodeProtectedHeader(body['status'] as string)))).size).toBe(1);
  });

  it('is not active for whatever is no address, and for a question about another one', async () => {
    for (const uri of [
      'hello',
      `mimi://${DOMAIN}/x/${'a'.repeat(26)}`,
      `${uris.active}\u0000`,
      "' OR 1=1 --",
      'mimi://ü.example/p/a',
    ]) {
      const answer = await ask(uri);
      expect([answer.status, (await claimsOf(answer))['active']]).toEqual([200, false]);
    }
    const other = await ask(uris.active, await question(uris.revoked));
    expect((await claimsOf(other))['active']).toBe(false);
    const none = await ask(uris.active, await question(uris.active, world.hubs.one, { sub_id: undefined }));
    expect((await claimsOf(none))['active']).toBe(false);
  });

  it('is what the hub SDK reads', async () => {
    const client = world.hubClient(world.hubs.two);
    expect(await client.isActive(uris.active)).toBe(true);
    expect(await client.isActive(uris.revoked)).toBe(false);
  });

  it.each<[string, () => Promise<string>]>([
    ['without a signature', async () => (await question(uris.active)).replace(/\.[^.]*$/, '.AAAA')],
    ['signed by another hub', () => question(uris.active, { ...world.hubs.two, entry: world.hubs.one.entry })],
    ['of another kind', () => question(uris.active, world.hubs.one, {}, 'secevent+jwt')],
    ['for another audience', () => question(uris.active, world.hubs.one, { aud: 'https://other.example' })],
    [
      'of ten minutes ago',
      () => question(uris.active, world.hubs.one, { iat: Math.floor(world.clock.now().getTime() / 1_000) - 600 }),
    ],
    ['of an unknown hub', () => question(uris.active, world.hubs.one, { iss: 'https://nobody.example' })],
    ['that is no token', async () => 'hello'],
  ])('is not told for a question %s', async (_, make) => {
    const answer = await ask(uris.active, await make());
    expect([answer.status, answer.body['type']]).toEqual([401, '/errors/not-authenticated']);
  });

  it('is not told to a suspended hub, nor without a question', async () => {
    expect((await ask(uris.active, await question(uris.active, world.hubs.suspended))).status).toBe(403);
    expect((await world.call('GET', `/v1/pseudonyms/${encodeURIComponent(uris.active)}/status`)).status).toBe(401);
  });

  it('is signed with a key that is published', async () => {
    const { body } = await world.call('GET', '/.well-known/jwks.json');
    const [first] = body['keys'] as object[]; // the others sign notices
    expect(first).toMatchObject({ kty: 'OKP', crv: 'Ed25519', x: toBase64Url(world.answerKey.publicKey), alg: 'EdDSA' });
    expect(JSON.stringify(body)).not.toMatch(/"d"/);
  });
});
