import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, fromBase64Url, PERIOD_DAYS, periodOf } from '#contracts';
import { renewMessage, verifyClientSignature } from '#tickets';
import { accessToken, FakeServices, nymsUrl, registrarUrl } from '../../../../test/fakes/client-services.js';
import { NymtallyClient } from '../nymtally-client.js';
import type { HeldPseudonym } from '../state.js';

let services: FakeServices;
let client: NymtallyClient;
let held: HeldPseudonym;

beforeEach(async () => {
  services = await FakeServices.start();
  client = new NymtallyClient({
    registrarUrl,
    nymsUrl,
    rootFingerprint: services.pin,
    domain: 'provider.example',
    accessToken: () => accessToken,
    now: () => services.now,
    fetch: { registrar: services.fetch, nyms: services.fetch },
  });
  await client.enrol();
  await client.takeTickets(1);
  const outcome = await client.redeem((await client.prepare({ immediately: true })).id);
  if (outcome.outcome !== 'minted') throw new Error('not minted');
  held = outcome.pseudonym;
});

/** Day of the pseudonym's own period. */
const onDay = (day: number) => void (services.now = new Date((held.period * PERIOD_DAYS + day) * DAY_MS + 1));
const credentialNow = (period: number) => ({
  body: services.credential({ uri: held.uri, clientUri: held.client.clientUri }, period, held.client.spki),
});

describe('renewal', () => {
  it('is not asked for outside the last third of a period', async () => {
    onDay(19);
    await expect(client.renew(held.uri, { immediately: true })).rejects.toMatchObject({ code: 'renewal-not-open' });
    await expect(client.renew('mimi://provider.example/p/other')).rejects.toMatchObject({ code: 'not-known' });
    expect(services.to(`${nymsUrl}/v1/pseudonyms/renewals`)).toHaveLength(0);
  });

  it('waits for the pseudonym’s own moment, then signs for the next period with its first key', async () => {
    onDay(20);
    services.now = new Date(held.renewNotBefore - 5_000);
    await expect(client.renew(held.uri)).rejects.toMatchObject({ retryAfterMs: 5_000 });
    services.now = new Date(held.renewNotBefore);
    services.instead.set('/v1/pseudonyms/renewals', () => credentialNow(held.period + 1));
    const renewed = await client.renew(held.uri);
    expect(renewed).toMatchObject({ uri: held.uri, period: held.period + 1 });
    expect(client.state.pseudonyms).toEqual([renewed]);
    const [{ body = '' } = {}] = services.to(`${nymsUrl}/v1/pseudonyms/renewals`);
    const request = JSON.parse(body) as { period: number; signature: string };
    expect(request.period).toBe(periodOf(services.day) + 1);
    const message = renewMessage(held.uri, request.period);
    const spki = fromBase64Url(held.client.spki);
    await expect(verifyClientSignature(spki, message, fromBase64Url(request.signature))).resolves.toBe(true);
    await expect(client.renew(held.uri, { immediately: true })).rejects.toMatchObject({ code: 'renewal-not-open' });
  });

  it('draws a moment within the window that leaves two days to spare', () => {
    const opens = (held.period * PERIOD_DAYS + 20) * DAY_MS;
    expect(held.renewNotBefore).toBeGreaterThanOrEqual(opens);
    expect(held.renewNotBefore).toBeLessThan(opens + 8 * DAY_MS);
  });

  it('refuses a credential for any period but the one it asked for', async () => {
    onDay(25);
    services.instead.set('/v1/pseudonyms/renewals', () => credentialNow(held.period));
    await expect(client.renew(held.uri, { immediately: true })).rejects.toMatchObject({ code: 'credential-refused' });
  });

  it('passes a refusal on as the problem it is', async () => {
    onDay(29);
    services.instead.set('/v1/pseudonyms/renewals', () => ({ status: 403, body: { type: '/errors/answer-refused' } }));
    await expect(client.renew(held.uri, { immediately: true })).rejects.toMatchObject({ code: 'answer-refused' });
  });
});
