/** Renewals and further clients over HTTP, on real PostgreSQL: the key of a pseudonym alone keeps it alive. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromBase64Url, periodOf, toBase64Url } from '#contracts';
import type { SelectorJson } from '#pseudonyms';
import { addClientMessage, generateClientKey, importClientSigner, possessionMessage, renewMessage } from '#tickets';
import { DOMAIN, flipped, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld, Redeemer } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => {
  world = await startNymsWorld();
  world.clock.advanceDays(10); // day 20 of the period: renewal is open
  world.keyholder.day = world.clock.today();
}, 60_000);
afterAll(() => world?.stop());
beforeEach(() => world.keyholder.instead.clear());

const nextPeriod = () => periodOf(world.clock.today()) + 1;
const minted = async (): Promise<Redeemer> => {
  const redeemer = await world.redeemer();
  expect((await world.call('POST', '/v1/pseudonyms', { body: redeemer.body })).status).toBe(201);
  return redeemer;
};
const renewalOf = async ({ signer, body }: Redeemer, more: Record<string, unknown> = {}) => ({
  uri: body['uri'],
  clientUri: body['clientUri'],
  period: nextPeriod(),
  signature: toBase64Url(await signer.sign(renewMessage(body['uri']!, nextPeriod()))),
  ...more,
});
const renew = (body: object) => world.call('POST', '/v1/pseudonyms/renewals', { body });
const further = async ({ signer, body }: Redeemer, more: Record<string, unknown> = {}) => {
  const { pkcs8, spki } = await generateClientKey('P-256');
  const own = await importClientSigner(pkcs8, spki);
  const uri = body['uri']!;
  const clientUri = `mimi://${DOMAIN}/d/${uri.split('/').at(-1)}/${crypto.randomUUID()}`;
  return {
    signer: own,
    request: {
      uri,
      clientUri,
      publicKey: toBase64Url(spki),
      proof: toBase64Url(await own.sign(await possessionMessage(uri, clientUri, spki))),
      by: body['clientUri'],
      signature: toBase64Url(await signer.sign(await addClientMessage(uri, clientUri, spki))),
      ...more,
    },
  };
};
const admit = (body: object) => world.call('POST', '/v1/pseudonyms/clients', { body });
const isRefusal = ({ status, body }: Awaited<ReturnType<typeof renew>>) => {
  expect(status).toBe(403);
  expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'sealedReason']);
  expect(fromBase64Url(body['sealedReason'] as string)).toHaveLength(48);
};

describe('renewal', () => {
  it('stores a selector of the next period and gives a credential until its end', async () => {
    const redeemer = await minted();
    const answer = await renew(await renewalOf(redeemer));
    expect(answer.status).toBe(201);
    const period = nextPeriod();
    expect(answer.body).toMatchObject({ uri: redeemer.body['uri'], period, expiryDay: (period + 1) * 30 + 35 });
    const selectors = await world.query('SELECT period FROM pseudonyms.selectors WHERE uri = $1 ORDER BY period', [
      redeemer.body['uri'],
    ]);
    expect(selectors).toEqual([{ period: period - 1 }, { period }]);
    expect(await world.query('SELECT expiry_day FROM pseudonyms.pseudonyms WHERE uri = $1', [redeemer.body['uri']])).toEqual([
      { expiry_day: (period + 1) * 30 + 35 },
    ]);
    const asked = world.keyholder.asked.findLast(({ path }) => path === '/v1/renewals')!;
    const { selector, publicKey, salt } = JSON.parse(asked.body.toString()) as {
      selector: SelectorJson;
      publicKey: string;
      salt: string;
    };
    expect([selector.period, publicKey, salt]).toEqual([period - 1, redeemer.body['publicKey'], redeemer.body['salt']]);
  });

  it('asks the key holder once, however often it is asked', async () => {
    const redeemer = await minted();
    const before = world.keyholder.count('/v1/renewals');
    for (let i = 0; i < 3; i++) expect((await renew(await renewalOf(redeemer))).status).toBe(201);
    expect(world.keyholder.count('/v1/renewals')).toBe(before + 1);
  });

  it('is open for the next period only, and in the last third only', async () => {
    const redeemer = await minted();
    for (const period of [nextPeriod() - 1, nextPeriod() + 1]) {
      expect(await renew(await renewalOf(redeemer, { period }))).toMatchObject({
        status: 409,
        body: { type: '/errors/renewal-not-open' },
      });
    }
    world.clock.advanceDays(-1);
    expect((await renew(await renewalOf(redeemer))).status).toBe(409);
    world.clock.advanceDays(1);
  });

  it('is refused alike for unknown, revoked, expired, wrongly signed and by the key holder', async () => {
    const redeemer = await minted();
    isRefusal(await renew(await renewalOf(redeemer, { uri: (await world.redeemer()).body['uri'] })));
    isRefusal(await renew({ ...(await renewalOf(redeemer)), signature: toBase64Url(new Uint8Array(64)) }));
    isRefusal(await renew(await renewalOf(redeemer, { clientUri: `mimi://${DOMAIN}/d/x/y` })));
    world.keyholder.instead.set('/v1/renewals', [world.keyholder.refuse]);
    isRefusal(await renew(await renewalOf(redeemer)));
    for (const change of ['revoked = true', `revoked = false, expiry_day = ${world.clock.today()}`]) {
      await world.query(`UPDATE pseudonyms.pseudonyms SET ${change} WHERE uri = $1`, [redeemer.body['uri']]);
      isRefusal(await renew(await renewalOf(redeemer)));
    }
  });

  it('stores nothing for another subject or another period', async () => {
    const redeemer = await minted();
    for (const make of [
      () => world.keyholder.selector(new Uint8Array(32), nextPeriod()),
      (subject: Uint8Array) => world.keyholder.selector(subject, nextPeriod() + 1),
    ]) {
      world.keyholder.instead.set('/v1/renewals', [
        async (body) => {
          const { selector } = JSON.parse(body.toString()) as { selector: SelectorJson };
          const { toSelectorJson } = await import('#pseudonyms');
          return toSelectorJson(make(fromBase64Url(selector.subject)));
        },
      ]);
      expect((await renew(await renewalOf(redeemer))).status).toBe(500);
    }
    expect(await world.query('SELECT 1 FROM pseudonyms.selectors WHERE uri = $1', [redeemer.body['uri']])).toHaveLength(1);
  });
});

describe('a further client', () => {
  it('is let in by one that is in, gets a credential, and can let in another', async () => {
    const redeemer = await minted();
    const second = await further(redeemer);
    const answer = await admit(second.request);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ uri: redeemer.body['uri'], clientUri: second.request.clientUri });
    const third = await further({ signer: second.signer, body: { ...redeemer.body, clientUri: second.request.clientUri } });
    expect((await admit(third.request)).status).toBe(201);
    expect((await admit(third.request)).status).toBe(201);
    expect(await world.query('SELECT 1 FROM pseudonyms.clients WHERE uri = $1', [redeemer.body['uri']])).toHaveLength(3);
  });

  it('gets a renewed credential when the first key has signed', async () => {
    const redeemer = await minted();
    const second = await further(redeemer);
    await admit(second.request);
    const { clientUri } = second.request;
    expect((await renew(await renewalOf(redeemer, { clientUri }))).body).toMatchObject({ clientUri, period: nextPeriod() });
    const byTheSecond = toBase64Url(await second.signer.sign(renewMessage(redeemer.body['uri']!, nextPeriod())));
    isRefusal(await renew(await renewalOf(redeemer, { clientUri, signature: byTheSecond })));
  });

  it('is refused when a stranger lets it in, or nobody does', async () => {
    const [redeemer, stranger] = [await minted(), await minted()];
    const { request } = await further({ ...redeemer, signer: stranger.signer });
    isRefusal(await admit(request));
    isRefusal(await admit({ ...(await further(redeemer)).request, by: stranger.body['clientUri'] }));
    isRefusal(await admit((await further(await world.redeemer())).request));
    await world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = $1', [redeemer.body['uri']]);
    isRefusal(await admit((await further(redeemer)).request));
  });

  it('must prove its key, and cannot take an address that is in use', async () => {
    const redeemer = await minted();
    const { request } = await further(redeemer);
    expect((await admit({ ...request, proof: flipped(request.proof) })).status).toBe(400);
    expect((await admit(request)).status).toBe(201);
    const { pkcs8, spki } = await generateClientKey('Ed25519');
    const own = await importClientSigner(pkcs8, spki);
    const again = {
      ...request,
      publicKey: toBase64Url(spki),
      proof: toBase64Url(await own.sign(await possessionMessage(request.uri, request.clientUri, spki))),
      signature: toBase64Url(await redeemer.signer.sign(await addClientMessage(request.uri, request.clientUri, spki))),
    };
    expect(await admit(again)).toMatchObject({ status: 409, body: { type: '/errors/pseudonym-conflict' } });
  });

  it('is one of 32 at most', async () => {
    const redeemer = await minted();
    await world.query(
      `INSERT INTO pseudonyms.clients (client_uri, uri, spki) SELECT 'filler ' || n || $1, $1, '' FROM generate_series(1, 31) AS n`,
      [redeemer.body['uri']],
    );
    expect((await admit((await further(redeemer)).request)).status).toBe(429);
  });
});

describe('the day list', () => {
  it('is the key holder’s, kept until the day ends', async () => {
    const before = world.keyholder.count('/v1/day-list');
    const [first, ...more] = await Promise.all(Array.from({ length: 5 }, () => world.call('GET', '/v1/day-list')));
    expect(first!.status).toBe(200);
    for (const one of more) expect(one.text).toBe(first!.text);
    expect(world.keyholder.count('/v1/day-list')).toBe(before + 1);
    world.clock.advanceDays(1);
    world.keyholder.day = world.clock.today();
    expect((await world.call('GET', '/v1/day-list')).body).toMatchObject({ body: { day: world.clock.today() } });
    world.clock.advanceDays(-1);
  });

  it('is not handed on when another root has signed it', async () => {
    world.clock.advanceDays(2);
    world.keyholder.day = world.clock.today();
    const { NymsKeyholder } = await import('../fakes/nyms-keyholder.js');
    const other = await NymsKeyholder.start();
    const response = await other.certificates.client('nyms', 'keyholder', other.url).request('v1/day-list');
    const forged = await response.json();
    await other.stop();
    world.keyholder.instead.set('/v1/day-list', [() => forged]);
    expect((await world.call('GET', '/v1/day-list')).status).toBe(503);
    expect((await world.call('GET', '/v1/day-list')).status).toBe(200);
    world.clock.advanceDays(-2);
    world.keyholder.day = world.clock.today();
  });
});
