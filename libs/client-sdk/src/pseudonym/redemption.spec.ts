import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, periodOf } from '#contracts';
import { accessToken, FakeServices, nymsUrl, registrarUrl } from '../../../../test/fakes/client-services.js';
import { NymtallyClient } from '../nymtally-client.js';

let services: FakeServices;
let client: NymtallyClient;
let saves: string[];
const newClient = (state?: unknown) =>
  new NymtallyClient({
    registrarUrl,
    nymsUrl,
    rootFingerprint: services.pin,
    domain: 'provider.example',
    accessToken: () => accessToken,
    state,
    onChange: (changed) => void saves.push(JSON.stringify(changed)),
    now: () => services.now,
    fetch: { registrar: services.fetch, nyms: services.fetch },
  });
const sentBodies = () => services.to(`${nymsUrl}/v1/pseudonyms`).map(({ body }) => JSON.parse(body) as Record<string, string>);
const passMs = (ms: number) => void (services.now = new Date(services.now.getTime() + ms));
const problem = (code: string) => ({ name: 'ClientProblem', code });

beforeEach(async () => {
  services = await FakeServices.start();
  saves = [];
  client = newClient();
  await client.enrol();
  await client.takeTickets(4);
});

describe('a prepared pseudonym', () => {
  it('has a fresh random address and waits a random time of at most a day', async () => {
    const attempts = await Promise.all(Array.from({ length: 8 }, () => client.prepare()));
    for (const { uri, notBefore } of attempts) {
      expect(uri).toMatch(/^mimi:\/\/provider\.example\/p\/[a-z2-7]{26}$/);
      expect(notBefore - services.now.getTime()).toBeGreaterThanOrEqual(0);
      expect(notBefore - services.now.getTime()).toBeLessThan(DAY_MS);
    }
    expect(new Set(attempts.map(({ uri }) => uri)).size).toBe(8);
    expect(new Set(attempts.map(({ notBefore }) => notBefore)).size).toBe(8);
  });

  it('is not redeemed before its time, and is minted after it', async () => {
    const { id, notBefore } = await client.prepare();
    services.now = new Date(notBefore - 1_000);
    await expect(client.redeem(id)).rejects.toMatchObject({ code: 'too-early', retryAfterMs: 1_000 });
    expect(sentBodies()).toHaveLength(0);
    services.now = new Date(notBefore);
    await expect(client.redeem(id)).resolves.toMatchObject({ outcome: 'minted' });
    expect(client.state).toMatchObject({ attempts: [], pseudonyms: [{ period: periodOf(services.day) }] });
  });

  it('sends the same bytes again after a lost answer, also from a restarted app, and spends one ticket', async () => {
    const { id } = await client.prepare({ immediately: true });
    services.instead.set('/v1/pseudonyms', async (truth) => {
      await truth();
      throw new TypeError('socket closed');
    });
    await expect(client.redeem(id)).rejects.toMatchObject(problem('network'));
    const restarted = newClient(JSON.parse(saves.at(-1) ?? ''));
    await expect(restarted.redeem(id)).resolves.toMatchObject({ outcome: 'minted' });
    const [first, second] = sentBodies();
    expect(second).toEqual(first);
    expect(restarted.state.tickets).toHaveLength(3);
  });

  it('is wrapped once when two calls come together', async () => {
    const { id } = await client.prepare({ immediately: true });
    const outcomes = await Promise.all([client.redeem(id), client.redeem(id)]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['minted', 'minted']);
    expect(sentBodies()).toHaveLength(1);
    expect(client.state.tickets).toHaveLength(3);
  });

  it('refuses a credential for another key, another address, another period or an end of its own', async () => {
    const { id } = await client.prepare({ immediately: true });
    const changes = [
      { certificates: ['AAAA'] },
      { clientUri: 'mimi://provider.example/d/x/y' },
      { period: periodOf(services.day) + 1 },
      { expiryDay: 7 },
    ];
    for (const change of changes) {
      services.instead.set('/v1/pseudonyms', async (truth) => ({ body: { ...((await truth()).body as object), ...change } }));
      await expect(client.redeem(id)).rejects.toMatchObject(problem('credential-refused'));
    }
    expect(client.state.pseudonyms).toHaveLength(0);
  });
});

describe('after a refusal', () => {
  it.each(['standing-needed', 'spent', 'ticket-expired', 'stale-day-list'] as const)(
    'starts afresh after a whole delay with new key, address and ticket: %s',
    async (reason) => {
      const { id } = await client.prepare({ immediately: true, keyType: 'P-256' });
      services.refuse = reason;
      const outcome = await client.redeem(id);
      expect(outcome).toMatchObject({ outcome: 'refused', code: 'answer-refused', reason });
      const next = outcome.outcome === 'refused' ? outcome.next : undefined;
      expect((next?.notBefore ?? 0) - services.now.getTime()).toBeGreaterThanOrEqual(DAY_MS);
      await expect(client.redeem(id)).rejects.toMatchObject(problem('not-known'));
      services.refuse = undefined;
      passMs(2 * DAY_MS);
      await expect(client.redeem(next?.id ?? '')).resolves.toMatchObject({ outcome: 'minted' });
      const [first, second] = sentBodies();
      for (const field of ['uri', 'salt', 'publicKey', 'clientUri', 'wrapped']) expect(second?.[field]).not.toBe(first?.[field]);
      expect(services.spent.size).toBe(2);
    },
  );

  it('asks for the day list again when it was stale', async () => {
    const { id } = await client.prepare({ immediately: true });
    services.refuse = 'stale-day-list';
    await client.redeem(id);
    const before = services.to(`${nymsUrl}/v1/day-list`).length;
    services.refuse = undefined;
    await client.redeem((await client.prepare({ immediately: true })).id);
    expect(services.to(`${nymsUrl}/v1/day-list`)).toHaveLength(before + 1);
  });

  it.each(['standing', 'too-many-live'] as const)('stops on %s until the app says to go on', async (reason) => {
    const [first, second] = [await client.prepare({ immediately: true }), await client.prepare({ immediately: true })];
    services.refuse = reason;
    await expect(client.redeem(first.id)).resolves.toMatchObject({ reason, next: undefined });
    services.refuse = undefined;
    await expect(client.prepare()).rejects.toMatchObject({ code: 'stopped', reason });
    const restarted = newClient(JSON.parse(saves.at(-1) ?? ''));
    await expect(restarted.redeem(second.id)).rejects.toMatchObject(problem('stopped'));
    expect(sentBodies()).toHaveLength(1);
    await restarted.resume();
    await expect(restarted.redeem(second.id)).resolves.toMatchObject({ outcome: 'minted' });
  });

  it('knows no reason when the bytes are random or absent', async () => {
    for (const body of [{ sealedReason: 'A'.repeat(64) }, { sealedReason: 'not base64!' }, {}]) {
      const { id } = await client.prepare({ immediately: true });
      services.instead.set('/v1/pseudonyms', () => ({ status: 403, body: { type: '/errors/answer-refused', ...body } }));
      await expect(client.redeem(id)).resolves.toMatchObject({ outcome: 'refused', reason: undefined });
    }
  });

  it('keeps the attempt when nothing was decided', async () => {
    const { id } = await client.prepare({ immediately: true });
    for (const status of [503, 429, 502]) {
      services.instead.set('/v1/pseudonyms', () => ({ status, body: '<html>' }));
      await expect(client.redeem(id)).rejects.toMatchObject({ name: 'ClientProblem', retry: 'after' });
    }
    await expect(client.redeem(id)).resolves.toMatchObject({ outcome: 'minted' });
  });
});

describe('tickets of the state', () => {
  it('are dropped when they have expired', async () => {
    passMs(8 * DAY_MS);
    const { id } = await client.prepare({ immediately: true });
    await expect(client.redeem(id)).rejects.toMatchObject(problem('no-ticket'));
    expect(client.state.tickets).toHaveLength(0);
  });
});
