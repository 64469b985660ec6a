/** Enforcement and retention of the pseudonym side on real PostgreSQL, against a key holder that remembers what it was shown. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { periodOf } from '#contracts';
import { parameterSets } from '#he';
import { selectorFault } from '#pseudonyms';
import { renewMessage } from '#tickets';
import { toBase64Url } from '#contracts';
import { Enforcement } from '../../apps/nyms/src/enforcement/enforcement.js';
import { selectorBytes } from '../../apps/nyms/src/keyholder/pin.js';
import { Retention } from '../../apps/nyms/src/retention/retention.js';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => {
  world = await startNymsWorld();
  world.clock.advanceDays(10); // renewal is open
  world.keyholder.day = world.clock.today();
}, 60_000);
afterAll(() => world?.stop());
afterEach(() => {
  world.keyholder.shown.length = 0;
  world.keyholder.isAway = false;
});

const mint = async () => {
  const redeemer = await world.redeemer();
  expect((await world.call('POST', '/v1/pseudonyms', { body: redeemer.body })).status).toBe(201);
  return redeemer;
};
const enforcement = () => world.app.get(Enforcement);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const shown = () => world.keyholder.shown.flatMap(({ selectors }) => selectors.map(({ selectorId }) => hex(selectorId)));
const idsOf = async (uris: readonly string[]) =>
  (
    await world.query<{ id: string }>(
      `SELECT DISTINCT ON (uri) encode(selector_id, 'hex') AS id FROM pseudonyms.selectors WHERE uri = ANY($1) ORDER BY uri, period DESC`,
      [uris],
    )
  ).map(({ id }) => id);
const revoked = async () =>
  (await world.query<{ uri: string }>('SELECT uri FROM pseudonyms.pseudonyms WHERE revoked')).map(({ uri }) => uri);

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end;) {
    if (await check()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it did not happen');
}

describe('enforcement', () => {
  let uris: string[];

  it('shows the newest selector of every living pseudonym once, as the key holder signed it, in an order of its own', async () => {
    const made = [];
    for (let i = 0; i < 12; i++) made.push(await mint());
    uris = made.map(({ body }) => body['uri']!);
    const { signer, body } = made[0]!;
    const period = periodOf(world.clock.today()) + 1;
    const signature = toBase64Url(await signer.sign(renewMessage(body['uri']!, period)));
    const renewal = { uri: body['uri'], clientUri: body['clientUri'], period, signature };
    expect((await world.call('POST', '/v1/pseudonyms/renewals', { body: renewal })).status).toBe(201);
    await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = $1', [uris[11], world.clock.today()]);
    expect(await enforcement().show()).toBe(0); // nothing before the first force time
    world.keyholder.state = { force: 1, run: 'run-1' };
    expect(await enforcement().show()).toBe(11);
    expect([...shown()].sort()).toEqual((await idsOf(uris.slice(0, 11))).sort());
    const pinned = {
      keyHolderId: world.keyholder.keyHolderId,
      parameterSet: 'plain-n2048',
      selectorKeyOf: () => world.keyholder.selectorKey.publicKey,
      selectorBytes: 16,
    };
    for (const { selectors } of world.keyholder.shown) {
      for (const selector of selectors) expect(selectorFault(pinned, selector)).toBeUndefined();
    }
    const first = shown();
    const orders = new Set<string>([first.join()]);
    for (let force = 2; force < 6; force++) {
      world.keyholder.shown.length = 0;
      world.keyholder.state = { force, run: 'run-1' };
      await enforcement().show();
      orders.add(shown().join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it('then shows only what is stored meanwhile', async () => {
    expect(await enforcement().show()).toBe(0);
    const { body } = await mint();
    uris.push(body['uri']!);
    expect(await enforcement().show()).toBe(1);
    expect(shown()).toEqual(await idsOf([body['uri']!]));
    expect(await enforcement().show()).toBe(0);
  });

  it('shows everything again when the key holder has started again, and goes on when it was away', async () => {
    world.keyholder.state = { ...world.keyholder.state, run: 'run-2' };
    world.keyholder.isAway = true;
    await expect(enforcement().show()).rejects.toMatchObject({ code: 'service-unavailable' });
    world.keyholder.isAway = false;
    expect(await enforcement().show()).toBe(12);
  });

  it('revokes what is due and nothing else, whatever fills the frame', async () => {
    const [first] = await idsOf([uris[0]!]);
    const noise = () => Uint8Array.from(randomBytes(16));
    world.keyholder.frame = { number: 8, ids: [noise(), Uint8Array.from(Buffer.from(first!, 'hex')), noise(), noise()] };
    expect(await enforcement().applyDue()).toMatchObject({ revoked: 1 });
    expect(await revoked()).toEqual([uris[0]]);
    expect(await enforcement().applyDue()).toMatchObject({ revoked: 0 });
    expect(
      world.keyholder.asked
        .filter(({ path }) => path === '/v1/due')
        .map(({ url }) => url.search)
        .slice(-2),
    ).toEqual(['?ack=7', '?ack=8']);
  });

  it('by an older selector of a renewed pseudonym too', async () => {
    const [{ id }] = (await world.query<{ id: string }>(
      `SELECT encode(selector_id, 'hex') AS id FROM pseudonyms.selectors WHERE uri = $1 ORDER BY period LIMIT 1`,
      [uris[0]],
    )) as [{ id: string }];
    await world.query('UPDATE pseudonyms.pseudonyms SET revoked = false WHERE uri = $1', [uris[0]]);
    world.keyholder.frame = { number: 9, ids: [Uint8Array.from(Buffer.from(id, 'hex'))] };
    expect(await enforcement().applyDue()).toMatchObject({ revoked: 1 });
  });

  it('takes one out of use for a term, lets nobody renew it meanwhile, and has it back', async () => {
    const { body, signer } = await mint();
    const uri = body['uri']!;
    uris.push(uri);
    const [selector] = await idsOf([uri]);
    const selectorId = Uint8Array.from(Buffer.from(selector!, 'hex'));
    const disabled = async () =>
      (await world.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1 AND disabled AND NOT revoked', [uri])).length === 1;
    const period = periodOf(world.clock.today()) + 1;
    const renewal = {
      ...{ uri, clientUri: body['clientUri'], period },
      signature: toBase64Url(await signer.sign(renewMessage(uri, period))),
    };
    const renewed = async () => (await world.call('POST', '/v1/pseudonyms/renewals', { body: renewal })).status;
    world.keyholder.frame = { number: 10, ids: [selectorId], change: 'disabled' };
    expect(await enforcement().applyDue()).toEqual({ revoked: 0, disabled: 1, enabled: 0 });
    expect([await disabled(), await renewed()]).toEqual([true, 403]);
    world.keyholder.frame = { number: 11, ids: [selectorId], change: 'disabled' };
    expect(await enforcement().applyDue()).toEqual({ revoked: 0, disabled: 0, enabled: 0 });
    world.keyholder.frame = { number: 12, ids: [selectorId], change: 'enabled' };
    expect(await enforcement().applyDue()).toEqual({ revoked: 0, disabled: 0, enabled: 1 });
    expect([await disabled(), await renewed()]).toEqual([false, 201]);
    await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = $1', [uri, world.clock.today()]);
  });

  it('does not bring back what has ended for good', async () => {
    await world.query('UPDATE pseudonyms.pseudonyms SET disabled = true WHERE uri = $1', [uris[0]]);
    const ids = (await idsOf([uris[0]!])).map((id) => Uint8Array.from(Buffer.from(id, 'hex')));
    world.keyholder.frame = { number: 13, ids, change: 'enabled' };
    expect(await enforcement().applyDue()).toEqual({ revoked: 0, disabled: 0, enabled: 0 });
    expect(await revoked()).toEqual([uris[0]]);
  });

  it('begins anew in a new process: everything is shown, and a frame that came before changes nothing', async () => {
    const { app } = await world.start();
    const second = app.get(Enforcement);
    expect(await second.show()).toBe(11);
    expect(await second.applyDue()).toMatchObject({ revoked: 0 });
  });

  it('does it all by itself', async () => {
    const own = await startNymsWorld({ tickMs: 50 });
    try {
      const { body } = await own.redeemer();
      await own.call('POST', '/v1/pseudonyms', { body });
      const [{ selector_id: id }] = (await own.query<{ selector_id: Buffer }>(
        'SELECT selector_id FROM pseudonyms.selectors',
      )) as [{ selector_id: Buffer }];
      const isRevoked = async () => (await own.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE revoked')).length === 1;
      own.keyholder.state = { force: 1, run: 'run-1' };
      await until(async () => own.keyholder.shown.length > 0);
      own.keyholder.frame = { number: 8, ids: [Uint8Array.from(id)] };
      await until(isRevoked);
      expect(own.lines.join('\n')).not.toContain('mimi://');
    } finally {
      await own.stop();
    }
  }, 30_000);

  it('knows how long a selector of each parameter set is', () => {
    expect(selectorBytes).toEqual(Object.fromEntries(Object.values(parameterSets).map((set) => [set.name, set.selectorBytes])));
  });
});

describe('retention', () => {
  it('removes pseudonyms and selectors once they have expired and left the window, and no earlier', async () => {
    const { body } = await mint();
    const uri = body['uri']!;
    const [{ expiry }] = (await world.query<{ expiry: number }>(
      'SELECT expiry_day AS expiry FROM pseudonyms.pseudonyms WHERE uri = $1',
      [uri],
    )) as [{ expiry: number }];
    const left = async () => (await world.query('SELECT 1 FROM pseudonyms.selectors WHERE uri = $1', [uri])).length;
    const start = world.clock.today();
    world.clock.advanceDays(expiry + 30 - start);
    await world.app.get(Retention).removeOld();
    expect(await left()).toBe(1);
    world.clock.advanceDays(1);
    await world.app.get(Retention).removeOld();
    expect(await left()).toBe(0);
    expect(await world.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1', [uri])).toEqual([]);
    expect(await world.query('SELECT 1 FROM pseudonyms.clients WHERE uri = $1', [uri])).toEqual([]);
    world.clock.advanceDays(start - world.clock.today());
  });
});
