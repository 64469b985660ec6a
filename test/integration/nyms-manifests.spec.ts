/** A hub's proof that its SET is in a manifest: asked of a nyms process over HTTP, made from what the correlator stored, checked by the hub SDK. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { manifestRequestType, statusRequestType } from '#contracts';
import { createPool, generateSigningKey } from '#platform';
import { ManifestsRepository } from '#tallies';
import { AUDIENCE, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';
import { setSender, unlimited } from '../fakes/set-sender.js';

let world: NymsWorld;
let correlatorPool: ReturnType<typeof createPool>;
let manifests: ManifestsRepository;
const correlator = generateSigningKey();
const sender = setSender(() => world);

beforeAll(async () => {
  world = await startNymsWorld({ policy: { limits: unlimited } });
  correlatorPool = createPool({ url: world.database.urlFor('correlator'), max: 2 });
  manifests = new ManifestsRepository(correlatorPool);
}, 60_000);
afterAll(async () => {
  await correlatorPool?.end();
  await world?.stop();
});

const push = async (jti: string, hub = world.hubs.one) => {
  const token = sender.good({ jti }, hub);
  expect((await sender.push(token)).status).toBe(202);
  return token;
};
const close = () =>
  manifests.close({ policyDigest: new Uint8Array(32).fill(7), closedDay: world.clock.today() }, (message) =>
    correlator.sign(message),
  );
const sdk = (hub: TestHub) => world.hubClient(hub, { correlatorKey: correlator.publicKey });
const question = (set: string, hub: TestHub = world.hubs.one, typ = manifestRequestType) =>
  new SignJWT({ iss: hub.entry.id, aud: AUDIENCE, iat: sender.seconds(), set })
    .setProtectedHeader({ alg: 'EdDSA', typ, kid: hub.entry.keys[0]!.kid })
    .sign(createPrivateKey(hub.key.toPem()));
const ask = async (epoch: string, jti: string, token?: string) =>
  world.call('GET', `/v1/manifests/${epoch}/proofs/${encodeURIComponent(jti)}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

describe('a proof that a SET is in a manifest', () => {
  it('is given for every SET of the hub, from the epoch in which it arrived', async () => {
    const names = ['a/b', 'ü ?', ...Array.from({ length: 9 }, (_, i) => `one-${i}`)];
    const tokens = new Map<string, string>();
    for (const name of names) tokens.set(name, await push(name));
    await push('of the other', world.hubs.two);
    expect(await sdk(world.hubs.one).proofOf('a/b')).toBeUndefined();
    const first = await close();
    await push('later');
    const second = await close();
    for (const [name, token] of tokens) {
      const proof = await sdk(world.hubs.one).proofOf(name, { token });
      expect(proof).toMatchObject({ epoch: first.epoch, size: 12, closedDay: world.clock.today() });
    }
    expect(await sdk(world.hubs.one).proofOf('later')).toMatchObject({ epoch: second.epoch, size: 1, path: [] });
    expect(await sdk(world.hubs.one).proofOf('later', { epoch: first.epoch })).toBeUndefined();
    expect(await sdk(world.hubs.two).proofOf('of the other')).toMatchObject({ index: 11 });
  });

  it('is told to the hub that sent it only, and never from a question that was signed for something else', async () => {
    await push('mine');
    const { epoch } = await close();
    expect((await ask(`${epoch}`, 'mine', await question('mine'))).status).toBe(200);
    for (const answer of [
      await ask(`${epoch}`, 'mine', await question('mine', world.hubs.two)),
      await ask(`${epoch}`, 'mine', await question('another')),
      await ask(`${epoch}`, 'nobody’s', await question('nobody’s')),
      await ask('99', 'mine', await question('mine')),
      await ask('0', 'mine', await question('mine')),
      await ask('1e1', 'mine', await question('mine')),
      await ask('arrival', 'm\0ne', await question('m\0ne')),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { type: expect.stringContaining('not-found') } });
    }
    for (const token of [undefined, 'x', await question('mine', world.hubs.one, statusRequestType)]) {
      expect((await ask('arrival', 'mine', token)).status).toBe(401);
    }
    expect((await ask('arrival', 'mine', await question('mine', world.hubs.suspended))).status).toBe(403);
  });

  it('is not given once retention has taken entries, and never from entries that were changed', async () => {
    await push('kept');
    await push('lost');
    await push('changed');
    const { epoch } = await close();
    await world.query('UPDATE tallies.manifest_entries SET set_hash = $2 WHERE epoch = $1 AND jti = $3', [
      epoch,
      new Uint8Array(32),
      'changed',
    ]);
    expect((await ask('arrival', 'kept', await question('kept'))).status).toBe(500);
    await push('young');
    const next = await close();
    await world.query('DELETE FROM tallies.manifests WHERE epoch = $1', [epoch]);
    expect((await ask('arrival', 'kept', await question('kept'))).status).toBe(404);
    await world.query('UPDATE tallies.manifests SET size = 2 WHERE epoch = $1', [next.epoch]);
    expect((await ask('arrival', 'young', await question('young'))).status).toBe(404);
  });

  it('is served to many questions at once', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `many-${i}`);
    for (const name of names) await push(name);
    const { epoch } = await close();
    const proofs = await Promise.all(names.map((name) => sdk(world.hubs.one).proofOf(name)));
    expect(new Set(proofs.map((proof) => proof?.epoch))).toEqual(new Set([epoch]));
    expect(new Set(proofs.map((proof) => proof?.index)).size).toBe(30);
  });
});
