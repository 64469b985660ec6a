import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NightlyRewrite } from '../../apps/registrar/src/accounts/nightly-rewrite.js';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
let number = 0;
beforeAll(async () => void (world = await startRegistrarWorld()));
afterAll(() => world?.stop());
beforeEach(() => void (world.keyholder.batches = []));

const take = (token: string, count = 1) => world.call('POST', '/v1/tickets', { token, body: { count } });
const standing = async (token: string) => (await world.call('GET', '/v1/standing', { token })).body;
const suspend = (...handles: Uint8Array[]) => ({ number: ++number, suspend: handles, reinstate: [] });
const reinstate = (...handles: Uint8Array[]) => ({ number: ++number, suspend: [], reinstate: handles });

describe('release batches', () => {
  it('suspend the accounts they name: no tickets, and a standing that tells the month', async () => {
    const [bad, good] = [await world.enrolled('bad'), await world.enrolled('good')];
    expect(await standing(bad.token)).toEqual({ standing: 'active', appeal: 'https://help.example/appeal' });
    world.keyholder.batches = [suspend(bad.handle)];
    await world.applyReleases();
    expect(await take(bad.token)).toMatchObject({ status: 403, body: { type: '/errors/account-suspended' } });
    expect(await standing(bad.token)).toEqual({
      standing: 'suspended',
      suspendedSince: '2026-05',
      appeal: 'https://help.example/appeal',
    });
    expect((await take(good.token)).status).toBe(200);
    const [row] = await world.query<{ month: number }>(
      `SELECT suspended_month AS month FROM registrar.accounts WHERE subject = 'bad'`,
    );
    expect(row?.month).toBe(Date.UTC(2026, 4, 1) / 86_400_000);
  });

  it('are applied in order, once each, also by two registrars at once and when they are sent again', async () => {
    const second = await world.start();
    const { token, handle } = await world.enrolled('order');
    const batches = [suspend(handle), reinstate(handle), suspend(handle), reinstate(handle)];
    world.keyholder.batches = [...batches].reverse();
    await Promise.all([world.applyReleases(), world.applyReleases(second), world.applyReleases()]);
    expect((await take(token)).status).toBe(200);
    world.keyholder.batches = batches.slice(0, 1);
    await world.applyReleases();
    expect((await take(token)).status).toBe(200);
    const applied = world.lines.map((line) => JSON.parse(line) as { event: string; number: number });
    const numbers = applied.filter(({ event }) => event === 'release-applied').map((line) => line.number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('clear both ticket counters when they reinstate', async () => {
    const { token, handle } = await world.enrolled('again');
    expect((await take(token, 5)).status).toBe(200);
    expect((await take(token)).status).toBe(429);
    world.keyholder.batches = [suspend(handle), reinstate(handle)];
    await world.applyReleases();
    expect((await take(token, 5)).status).toBe(200);
  });

  it('keep the first month when a suspended account is named again', async () => {
    const { token, handle } = await world.enrolled('twice');
    world.keyholder.batches = [suspend(handle)];
    await world.applyReleases();
    world.clock.advanceDays(31);
    world.keyholder.batches = [suspend(handle)];
    await world.applyReleases();
    expect(await standing(token)).toMatchObject({ suspendedSince: '2026-05' });
    world.clock.advanceDays(-31);
  });

  it('change nothing when they cannot be read, and say so once', async () => {
    world.keyholder.away = true;
    await expect(world.applyReleases()).rejects.toMatchObject({ code: 'service-unavailable' });
    world.keyholder.away = false;
    await world.applyReleases();
  });

  it('name handles nobody has without harm', async () => {
    world.keyholder.batches = [suspend(new Uint8Array(16))];
    await expect(world.applyReleases()).resolves.toBeUndefined();
  });
});

describe('the nightly rewrite', () => {
  const order = () =>
    world.query<{ subject: string; xmin: string }>('SELECT subject, xmin::text FROM registrar.accounts ORDER BY ctid');

  it('puts rows in an order that tells nothing, in one transaction, and forgets counters of past days', async () => {
    const names = Array.from({ length: 24 }, (_, i) => `night-${String(i).padStart(2, '0')}`);
    const accounts = await Promise.all(names.map((name) => world.enrolled(name)));
    for (const { token } of accounts) await take(token);
    const isNight = ({ subject }: { subject: string }) => subject.startsWith('night-');
    expect((await order()).filter(isNight).map(({ subject }) => subject)).toEqual(names);
    world.clock.advanceDays(1);
    await world.app.get(NightlyRewrite).look();
    const after = await order();
    expect(after.filter(isNight).map(({ subject }) => subject)).not.toEqual(names);
    expect(
      after
        .filter(isNight)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(names);
    expect(new Set(after.map(({ xmin }) => xmin)).size).toBe(1);
    const rows = await world.query<{ ticket_day: number; tickets_today: number; tickets_in_period: number }>(
      `SELECT ticket_day, tickets_today, tickets_in_period FROM registrar.accounts WHERE subject LIKE 'night-%'`,
    );
    for (const row of rows) expect(row).toEqual({ ticket_day: 0, tickets_today: 0, tickets_in_period: 1 });
  });

  it('leaves rows alone when nothing has changed, and loses no ticket that is taken meanwhile', async () => {
    world.clock.advanceDays(1);
    const second = await world.start();
    await second.get(NightlyRewrite).look();
    const before = await order();
    await world.app.get(NightlyRewrite).look();
    expect(await order()).toEqual(before);
    const { token } = await world.enrolled('late');
    world.clock.advanceDays(1);
    const [, ...answers] = await Promise.all([
      world.app.get(NightlyRewrite).look(),
      ...Array.from({ length: 12 }, () => take(token)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(5).fill(200), ...Array<number>(7).fill(429)]);
    const [row] = await world.query<{ n: number }>(`SELECT tickets_today AS n FROM registrar.accounts WHERE subject = 'late'`);
    expect(row?.n).toBe(5);
  });

  it('lets a request that comes meanwhile wait, and not miss its row', async () => {
    const [early, late] = [await world.enrolled('early'), await world.enrolled('last')];
    world.clock.advanceDays(1);
    const holder = await world.connect();
    await holder.query(`BEGIN; SELECT 1 FROM registrar.accounts WHERE subject = 'last' FOR UPDATE`);
    const rewrite = world.app.get(NightlyRewrite).look();
    await world.waiting(1);
    const request = take(early.token);
    await world.waiting(2);
    await holder.query('COMMIT');
    holder.release();
    await rewrite;
    expect((await request).status).toBe(200);
    expect((await take(late.token)).status).toBe(200);
  });
});
