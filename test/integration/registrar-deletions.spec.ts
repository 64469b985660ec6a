/** A deleted account at the registrar: gone, and not washed by enrolling again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
beforeAll(async () => (world = await startRegistrarWorld()));
afterAll(() => world.stop());

describe('a deleted account', () => {
  it('leaves nothing but a digest of its name, and is suspended for good whatever it does', async () => {
    const [alice, bob] = [await world.enrolled('alice'), await world.enrolled('bob')];
    world.keyholder.batches = [{ number: 1, suspend: [alice.handle], reinstate: [], remove: [alice.handle] }];
    await world.applyReleases();
    expect(await world.query('SELECT subject FROM registrar.accounts')).toEqual([{ subject: 'bob' }]);
    const stones = await world.query<{ mark: Buffer }>('SELECT mark FROM registrar.tombstones');
    expect(stones.map(({ mark }) => mark.length)).toEqual([32]);

    const body = await world.enrolmentOf(await world.newHolder());
    expect(await world.call('POST', '/v1/enrolment', { token: alice.token, body })).toMatchObject({
      status: 403,
      body: { type: '/errors/account-suspended' },
    });
    expect(await world.call('POST', '/v1/tickets', { token: alice.token, body: { count: 1 } })).toMatchObject({
      status: 403,
      body: { type: '/errors/account-suspended' },
    });
    const standing = await world.call('GET', '/v1/standing', { token: alice.token });
    expect(standing.body).toEqual({ standing: 'suspended', appeal: 'https://help.example/appeal' });
    expect(await world.query('SELECT subject FROM registrar.accounts')).toEqual([{ subject: 'bob' }]);
    expect((await world.call('POST', '/v1/tickets', { token: bob.token, body: { count: 1 } })).status).toBe(200);
  });

  it('is not brought back by a batch that names it again', async () => {
    const [stone] = await world.query('SELECT mark FROM registrar.tombstones');
    const carol = await world.enrolled('carol');
    world.keyholder.batches = [{ number: 2, suspend: [], reinstate: [carol.handle], remove: [] }];
    await world.applyReleases();
    expect(await world.query('SELECT mark FROM registrar.tombstones')).toEqual([stone]);
  });
});
