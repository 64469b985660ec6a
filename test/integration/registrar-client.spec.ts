import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NymtallyClient } from '#client-sdk';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
let registrarUrl: string;
beforeAll(async () => {
  world = await startRegistrarWorld();
  await world.app.listen(0, '127.0.0.1');
  registrarUrl = await world.app.getUrl();
});
afterAll(() => world?.stop());

/** The pseudonym side is not here; its day list is the key holder's. */
const dayListOnly: typeof fetch = async () => Response.json(await world.keyholder.dayList());
const clientOf = async (subject: string) =>
  new NymtallyClient({
    registrarUrl,
    nymsUrl: 'https://nyms.example',
    rootFingerprint: await world.keyholder.rootFingerprint(),
    domain: 'provider.example',
    accessToken: () => world.token(subject),
    now: () => world.clock.now(),
    fetch: { nyms: dayListOnly },
  });

describe('the client SDK against a real registrar', () => {
  it('enrols twice, takes tickets that pass all checks, and meets the limit', async () => {
    const client = await clientOf('alice');
    await client.enrol();
    await client.enrol();
    expect(await client.takeTickets(5)).toBe(5);
    await expect(client.takeTickets(1)).rejects.toMatchObject({ code: 'ticket-limit-reached', retry: 'after' });
    expect(await client.standing()).toEqual({ standing: 'active', appeal: 'https://help.example/appeal' });
  });

  it('learns that another device has enrolled the account with another key', async () => {
    await (await clientOf('bob')).enrol();
    await expect((await clientOf('bob')).enrol()).rejects.toMatchObject({ code: 'holder-key-conflict', retry: 'no' });
  });

  it('notices a registrar that seals and signs with a key of its own', async () => {
    const client = await clientOf('carol');
    await client.enrol();
    const ours = world.keyholder.ticketKey;
    world.keyholder.ticketKey = new Uint8Array(32).fill(9);
    const fresh = await clientOf('carol');
    Object.assign(fresh.state, { holderKey: client.state.holderKey, receipt: client.state.receipt });
    await expect(fresh.takeTickets(1)).rejects.toMatchObject({ code: 'ticket-refused' });
    world.keyholder.ticketKey = ours;
  });
});
