import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, fromBase64Url, PERIOD_DAYS, TICKET_DAYS, toBase64Url } from '#contracts';
import { kidOf, readTicket, verifyTicket } from '#tickets';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
beforeAll(async () => void (world = await startRegistrarWorld()));
afterAll(() => world?.stop());

const take = (token: string, count: number, on = world.app) => world.call('POST', '/v1/tickets', { token, body: { count }, on });
const outcomes = (answers: readonly { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

describe('tickets', () => {
  it('are signed, of one length, and good for a fixed number of days', async () => {
    const { token } = await world.enrolled('plain');
    const { status, body } = await take(token, 2);
    expect(status).toBe(200);
    const tickets = body['tickets'] as string[];
    const key = { kid: await kidOf(world.ticketKey.publicKey), key: toBase64Url(world.ticketKey.publicKey) };
    for (const ticket of tickets) {
      const read = await verifyTicket(fromBase64Url(ticket), [key], world.clock.today());
      expect(read.notAfter).toBe(world.clock.today() + TICKET_DAYS);
    }
    const [first, second] = tickets.map((ticket) => readTicket(fromBase64Url(ticket)).ticket);
    expect(first?.jti).not.toEqual(second?.jti);
    expect(first?.sealedHandle).not.toEqual(second?.sealedHandle);
  });

  it('never exceed the day’s limit under fifty requests at once on two registrars', async () => {
    const second = await world.start();
    const { token } = await world.enrolled('greedy');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => take(token, 1, i % 2 === 0 ? world.app : second)));
    expect(outcomes(answers, 200)).toBe(5);
    expect(outcomes(answers, 429)).toBe(45);
    const jtis = answers
      .flatMap(({ body }) => (body['tickets'] as string[] | undefined) ?? [])
      .map((ticket) => ticket.slice(12, 33));
    expect(new Set(jtis).size).toBe(5);
  });

  it('are all or none, and a limit says when to come again', async () => {
    const { token } = await world.enrolled('steps');
    expect((await take(token, 3)).status).toBe(200);
    const refused = await take(token, 3);
    expect(refused).toMatchObject({ status: 429, body: { type: '/errors/ticket-limit-reached' } });
    const midnight = (world.clock.today() + 1) * DAY_MS - world.clock.now().getTime();
    expect(Number(refused.headers['retry-after'])).toBe(midnight / 1_000);
    expect((await take(token, 2)).status).toBe(200);
    expect((await take(token, 6)).body).toMatchObject({ detail: 'body.count is over the limit itself' });
  });

  it('come back each day until the period’s limit, and then with the next period', async () => {
    const { token } = await world.enrolled('patient');
    const start = world.clock.now();
    const toPeriod = (PERIOD_DAYS - (world.clock.today() % PERIOD_DAYS)) % PERIOD_DAYS;
    world.clock.advanceDays(toPeriod);
    for (let day = 0; day < 4; day++) {
      expect((await take(token, 5)).status).toBe(200);
      world.clock.advanceDays(1);
    }
    const refused = await take(token, 1);
    expect(refused.status).toBe(429);
    const nextPeriod = (Math.floor(world.clock.today() / PERIOD_DAYS) + 1) * PERIOD_DAYS;
    expect(Number(refused.headers['retry-after'])).toBe((nextPeriod * DAY_MS - world.clock.now().getTime()) / 1_000);
    world.clock.advanceDays(PERIOD_DAYS - 4);
    expect((await take(token, 5)).status).toBe(200);
    world.clock.advanceMs(start.getTime() - world.clock.now().getTime());
  });

  it('are not given again by a registrar whose clock is behind', async () => {
    const { token } = await world.enrolled('midnight');
    world.clock.advanceDays(1);
    expect((await take(token, 3)).status).toBe(200);
    world.clock.advanceDays(-1);
    expect((await take(token, 1)).status).toBe(200);
    world.clock.advanceDays(1);
    expect((await take(token, 2)).status).toBe(429);
    expect((await take(token, 1)).status).toBe(200);
    world.clock.advanceDays(-1);
    expect((await take(token, 1)).status).toBe(429);
  });

  it('follow the limits of a policy that becomes live', async () => {
    const { token } = await world.enrolled('policy');
    expect((await take(token, 5)).status).toBe(200);
    world.setLimits(2, { ticketsPerDay: 7 });
    expect((await take(token, 2)).status).toBe(200);
    expect((await take(token, 1)).status).toBe(429);
    world.setLimits(3, {});
  });

  it('need enrolment, and a count of 1 to 32', async () => {
    const token = await world.token('stranger');
    expect(await take(token, 1)).toMatchObject({ status: 409, body: { type: '/errors/not-enrolled' } });
    for (const body of [{ count: 0 }, { count: 33 }, { count: 1.5 }, { count: '1' }, {}, { count: 1, more: 1 }, []])
      expect((await world.call('POST', '/v1/tickets', { token, body })).status).toBe(400);
    const headers = { authorization: `Bearer ${token}` };
    const raw = (payload: string, type: string) =>
      world.app.inject({ method: 'POST', url: '/v1/tickets', headers: { ...headers, 'content-type': type }, payload });
    for (const payload of ['{', 'null', '"x"', '', '{"count":1}x'])
      expect((await raw(payload, 'application/json')).statusCode).toBe(400);
    expect((await raw('count=1', 'application/x-www-form-urlencoded')).statusCode).toBe(415);
    expect((await world.call('POST', '/v1/tickets', { token, body: { count: 1, more: 'x'.repeat(5_000) } })).status).toBe(413);
  });

  it('are not counted, and not given, while the key holder tells clients another ticket key', async () => {
    const { token } = await world.enrolled('stale');
    const ours = world.keyholder.ticketKey;
    world.keyholder.ticketKey = new Uint8Array(32).fill(7);
    const other = await world.start();
    expect(await take(token, 5, other)).toMatchObject({ status: 503, body: { type: '/errors/service-unavailable' } });
    const ready = await other.inject({ url: '/health/ready' });
    expect(ready.json()).toMatchObject({ status: 'down', checks: { database: 'up', keyholder: 'down' } });
    world.keyholder.ticketKey = ours;
    expect((await take(token, 5)).status).toBe(200);
  });

  it('are given by a registrar that has met the key holder once, and by no other, while it is away', async () => {
    const { token } = await world.enrolled('alone');
    world.keyholder.away = true;
    world.clock.advanceDays(1);
    expect((await take(token, 1)).status).toBe(200);
    expect((await take(token, 1, await world.start())).status).toBe(503);
    world.clock.advanceDays(-1);
    world.keyholder.away = false;
  });

  it('leave two counters and nothing else behind', async () => {
    const { token } = await world.enrolled('traces');
    const { body } = await take(token, 1);
    const { ticket } = readTicket(fromBase64Url((body['tickets'] as string[])[0]!));
    const rows = await world.query(`SELECT a::text AS row FROM registrar.accounts a`);
    const stored = JSON.stringify(rows) + world.lines.join('');
    for (const part of [ticket.jti, ticket.sealedHandle, ticket.signature])
      expect(stored).not.toContain(Buffer.from(part).toString('hex'));
    expect(world.lines.filter((line) => line.includes('traces'))).toEqual([]);
  });
});

describe('who may not', () => {
  const payload = { iss: '', aud: 'https://accounts.example', sub: 'plain', exp: 4_000_000_000 };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('gets 401 with no token, a token of nobody, or one that is not for us', async () => {
    const bad = [
      undefined,
      'nonsense',
      `${part({ alg: 'none' })}.${part({ ...payload, iss: world.provider.issuer })}.`,
      await world.token('plain', { iss: 'https://evil.example' }),
      await world.token('plain', { aud: 'https://nyms.example' }),
      await world.token('plain', { exp: world.clock.now().getTime() / 1_000 - 60 }),
    ];
    for (const token of bad) {
      const answer = await world.call('POST', '/v1/tickets', { ...(token !== undefined && { token }), body: { count: 1 } });
      expect(answer).toMatchObject({ status: 401, body: { type: '/errors/not-authenticated' } });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });
});
