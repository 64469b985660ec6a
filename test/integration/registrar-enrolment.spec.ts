import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import { randomBytes } from '#tickets';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
beforeAll(async () => void (world = await startRegistrarWorld()));
afterAll(() => world?.stop());

const enrol = (token: string, body: unknown, on = world.app) => world.call('POST', '/v1/enrolment', { token, body, on });
const rowsOf = (subject: string) =>
  world.query<{ handle: Buffer; holder_key: Buffer | null }>(
    'SELECT handle, holder_key FROM registrar.accounts WHERE subject = $1',
    [subject],
  );

describe('enrolment', () => {
  it('gives the same receipt for the same key, however often and however parallel', async () => {
    const second = await world.start();
    const token = await world.token('alice');
    const body = await world.enrolmentOf(await world.newHolder());
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => enrol(token, body, i % 2 ? world.app : second)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: answers[0]!.body });
    expect(await rowsOf('alice')).toHaveLength(1);
    expect(world.keyholder.handles.size).toBe(1);
  });

  it('is completed by a retry after it broke off half-way', async () => {
    const token = await world.token('bob');
    const body = await world.enrolmentOf(await world.newHolder());
    world.keyholder.beforeAnswer = () => {
      throw new Error('the connection breaks after the key holder has stored the handle');
    };
    expect((await enrol(token, body)).status).toBe(503);
    const [half] = await rowsOf('bob');
    expect(half?.holder_key).toBeNull();
    world.keyholder.beforeAnswer = () => undefined;
    expect((await enrol(token, body)).status).toBe(200);
    const [whole] = await rowsOf('bob');
    expect(whole?.handle).toEqual(half?.handle);
    expect(toBase64Url(whole!.holder_key!)).toBe(body.holderKey);
  });

  it('refuses another key for the account, before and after it is complete', async () => {
    const token = await world.token('carol');
    const [first, other] = [await world.enrolmentOf(await world.newHolder()), await world.enrolmentOf(await world.newHolder())];
    world.keyholder.beforeAnswer = () => {
      throw new Error('broken off');
    };
    await enrol(token, first);
    world.keyholder.beforeAnswer = () => undefined;
    const conflict = { status: 409, body: { type: '/errors/holder-key-conflict' } };
    expect(await enrol(token, other)).toMatchObject(conflict);
    expect((await enrol(token, first)).status).toBe(200);
    expect(await enrol(token, other)).toMatchObject(conflict);
    world.keyholder.away = true; // whose key it is, is the key holder's word alone: one may have been replaced
    expect((await enrol(token, other)).status).toBe(503);
    world.keyholder.away = false;
  });

  it('lets one of two different keys win when they come at once', async () => {
    const token = await world.token('dave');
    const bodies = [await world.enrolmentOf(await world.newHolder()), await world.enrolmentOf(await world.newHolder())];
    const answers = await Promise.all(bodies.map((body) => enrol(token, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [row] = await rowsOf('dave');
    const winner = bodies[answers.findIndex(({ status }) => status === 200)];
    expect(toBase64Url(row!.holder_key!)).toBe(winner?.holderKey);
  });

  it('refuses a key that another account has', async () => {
    const body = await world.enrolmentOf(await world.newHolder());
    expect((await enrol(await world.token('erin'), body)).status).toBe(200);
    expect(await enrol(await world.token('frank'), body)).toMatchObject({
      status: 409,
      body: { type: '/errors/holder-key-conflict' },
    });
  });

  it('refuses a proof by another key, and what is no enrolment, without making a row', async () => {
    const token = await world.token('grace');
    const good = await world.enrolmentOf(await world.newHolder());
    const zeros = { holderKey: toBase64Url(new Uint8Array(32)), proof: toBase64Url(new Uint8Array(64)) };
    const wrong = [
      { ...good, proof: toBase64Url(randomBytes(64)) },
      { ...good, holderKey: toBase64Url(randomBytes(32)) },
      { ...good, holderKey: good.holderKey.slice(1) },
      { ...good, holderKey: `${good.holderKey}=` },
      { ...good, extra: true },
      zeros,
      { holderKey: good.holderKey },
      {},
    ];
    for (const body of wrong)
      expect(await enrol(token, body)).toMatchObject({ status: 400, body: { type: '/errors/request-malformed' } });
    expect(await rowsOf('grace')).toHaveLength(0);
  });

  it('answers 503 while the key holder is away, and loses nothing', async () => {
    const token = await world.token('heidi');
    const body = await world.enrolmentOf(await world.newHolder());
    world.keyholder.away = true;
    expect((await enrol(token, body)).status).toBe(503);
    world.keyholder.away = false;
    expect((await enrol(token, body)).status).toBe(200);
  });
});
