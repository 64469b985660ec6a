import { beforeEach, describe, expect, it } from '@jest/globals';
import { fromBase64Url, toBase64Url } from '#contracts';
import { generateSigningKey, importSigner, issueTicket, randomBytes, signReceipt, ticketIssuer, verifyCallOff } from '#tickets';
import { accessToken, FakeServices, nymsUrl, registrarUrl } from '../../../test/fakes/client-services.js';
import { NymtallyClient } from './nymtally-client.js';
import type { ClientState } from './state.js';

let services: FakeServices;
let saved: ClientState | undefined;
const newClient = (state?: unknown) =>
  new NymtallyClient({
    registrarUrl,
    nymsUrl,
    rootFingerprint: services.pin,
    domain: 'provider.example',
    accessToken: () => accessToken,
    state,
    onChange: (changed) => void (saved = structuredClone(changed)),
    now: () => services.now,
    fetch: { registrar: services.fetch, nyms: services.fetch },
  });
const problem = (code: string) => ({ name: 'ClientProblem', code });

beforeEach(async () => {
  services = await FakeServices.start();
  saved = undefined;
});

describe('what goes where', () => {
  it('shows the access token to the registrar only, and a pseudonym to nyms only', async () => {
    const client = newClient();
    await client.enrol();
    await client.takeTickets(2);
    await client.standing();
    const { id, uri } = await client.prepare({ immediately: true });
    await client.redeem(id);
    expect(services.to(registrarUrl)).toHaveLength(3);
    expect(services.to(nymsUrl).length).toBeGreaterThan(1);
    for (const request of services.to(registrarUrl)) {
      expect(request.headers).toMatchObject({ authorization: `Bearer ${accessToken}` });
      expect(JSON.stringify(request)).not.toContain(uri.split('/').at(-1));
    }
    for (const request of services.to(nymsUrl)) {
      expect(Object.keys(request.headers).sort()).toEqual(request.body ? ['accept', 'content-type'] : ['accept']);
      expect(JSON.stringify(request)).not.toContain(accessToken);
    }
  });

  it('refuses one origin for both sides, and addresses that are not https', () => {
    const options = { rootFingerprint: '', domain: 'a.example', accessToken: () => '' };
    const make = (registrar: string, nyms: string) => new NymtallyClient({ ...options, registrarUrl: registrar, nymsUrl: nyms });
    expect(() => make('https://a.example/r', 'https://a.example/n')).toThrow(RangeError);
    expect(() => make('http://a.example', 'https://b.example')).toThrow(RangeError);
    expect(() => make('https://user:pw@a.example', 'https://b.example')).toThrow(RangeError);
    expect(() => make('http://127.0.0.1:1', 'http://127.0.0.1:2')).not.toThrow();
  });
});

describe('a lost holder key', () => {
  const path = '/v1/holder-key/replacement';

  it('is replaced by the one of a device that is not enrolled, which keeps it before it asks', async () => {
    const client = newClient();
    let asked = '';
    services.instead.set(path, () => {
      asked = (JSON.parse(services.requests.at(-1)?.body ?? '') as { holderKey: string }).holderKey;
      expect(saved?.holderKey).toBeDefined();
      return { body: { replacement: { holderKey: asked, effectiveDay: 20_600 } } };
    });
    expect(await client.replaceHolderKey()).toBe(20_600);
    services.instead.set(path, () => ({ body: { replacement: { holderKey: toBase64Url(randomBytes(32)), effectiveDay: 20_600 } } }));
    await expect(client.replaceHolderKey()).rejects.toMatchObject(problem('answer-malformed'));
    await client.enrol(); // once its day has come
    expect(toBase64Url(services.holderKey!)).toBe(asked);
    await expect(client.replaceHolderKey()).rejects.toMatchObject(problem('already-enrolled'));
  });

  it('is seen to be asked for, and called off with the key in use', async () => {
    const client = newClient();
    await client.enrol();
    const newKey = randomBytes(32);
    const waiting = () => ({ body: { replacement: { holderKey: toBase64Url(newKey), effectiveDay: 20_600 } } });
    services.instead.set(path, waiting);
    expect(await client.replacementAskedFor()).toBe(20_600);
    services.instead.set(path, waiting);
    services.instead.set(`${path}/call-off`, () => ({ body: {} }));
    await client.callOffReplacement();
    const { signature } = JSON.parse(services.requests.at(-1)?.body ?? '') as { signature: string };
    const { keyHolderId } = saved!.receipt!;
    expect(await verifyCallOff(services.holderKey!, keyHolderId, newKey, fromBase64Url(signature))).toBe(true);
    services.instead.set(path, () => ({ body: {} }));
    await expect(client.callOffReplacement()).rejects.toMatchObject(problem('not-enrolled'));
  });
});

describe('enrolment', () => {
  it('keeps the holder key before it is registered, and gives the same key again after a lost answer', async () => {
    services.instead.set('/v1/enrolment', async (truth) => {
      await truth();
      throw new TypeError('socket closed');
    });
    await expect(newClient().enrol()).rejects.toMatchObject(problem('network'));
    const first = toBase64Url(services.holderKey ?? new Uint8Array());
    await newClient(saved).enrol();
    expect(toBase64Url(services.holderKey ?? new Uint8Array())).toBe(first);
    expect(saved?.receipt?.keyHolderId).toBe('kh-1');
  });

  it('refuses a receipt for another holder key, and a second receipt for another handle', async () => {
    const stranger = await importSigner(await generateSigningKey());
    const answerFor = async (key: Uint8Array, handle = services.handle) => {
      const { handleCommitment, signature } = await signReceipt(services.root, 'kh-1', handle, key);
      return { keyHolderId: 'kh-1', handleCommitment: toBase64Url(handleCommitment), signature: toBase64Url(signature) };
    };
    const client = newClient();
    services.instead.set('/v1/enrolment', async () => ({ body: await answerFor(stranger.publicKey) }));
    await expect(client.enrol()).rejects.toMatchObject(problem('receipt-refused'));
    await client.enrol();
    const key = services.holderKey ?? new Uint8Array();
    services.instead.set('/v1/enrolment', async () => ({ body: await answerFor(key, randomBytes(16) as never) }));
    await expect(client.enrol()).rejects.toMatchObject(problem('receipt-refused'));
  });

  it('refuses a day list of another root, of another day, and a second one for today', async () => {
    const client = newClient();
    const other = await FakeServices.start();
    const answers = [await other.dayList(), await services.dayList({ day: services.day - 1 })];
    for (const body of answers) {
      services.instead.set('/v1/day-list', () => ({ body }));
      await expect(client.enrol()).rejects.toMatchObject(problem('day-list-refused'));
    }
    await client.enrol();
    const { hpke } = (await other.dayList()).body;
    services.instead.set('/v1/day-list', async () => ({ body: await services.dayList({ hpke }) }));
    await expect(newClient(saved).enrol()).rejects.toMatchObject(problem('day-list-refused'));
  });
});

describe('tickets', () => {
  it('are kept when all are like everybody’s, and none when one is marked', async () => {
    const client = newClient();
    await client.enrol();
    expect(await client.takeTickets(3)).toBe(3);
    const [good = ''] = await services.tickets(1);
    const tomorrow = toBase64Url(await issueTicket(services.issuer, services.handle, services.day + 1));
    const sealKey = randomBytes(32);
    const second = await ticketIssuer({ keyHolderId: 'kh-1', signingKey: await generateSigningKey(), sealKey });
    const odd = toBase64Url(await issueTicket(second, services.handle, services.day));
    for (const marked of [tomorrow, odd, `${good}AA`, good.slice(0, -4), good]) {
      services.instead.set('/v1/tickets', () => ({ body: { tickets: [good, marked] } }));
      await expect(client.takeTickets(2)).rejects.toMatchObject(problem('ticket-refused'));
    }
    expect(client.state.tickets).toHaveLength(3);
  });

  it('are taken over midnight when the service’s new day list says so', async () => {
    services.now = new Date('2026-05-04T23:59:59Z');
    const client = newClient();
    await client.enrol();
    services.instead.set('/v1/tickets', async (truth) => {
      services.now = new Date('2026-05-05T00:00:01Z');
      return truth();
    });
    expect(await client.takeTickets(1)).toBe(1);
  });

  it('need an enrolled account, and a limit tells when to come again', async () => {
    const client = newClient();
    await expect(client.takeTickets(1)).rejects.toMatchObject(problem('not-enrolled'));
    await client.enrol();
    const limited = { status: 429, body: { type: '/errors/ticket-limit-reached' }, headers: { 'retry-after': '60' } };
    services.instead.set('/v1/tickets', () => limited);
    const expected = { code: 'ticket-limit-reached', retry: 'after', retryAfterMs: 60_000 };
    await expect(client.takeTickets(1)).rejects.toMatchObject(expected);
  });
});

describe('a second device', () => {
  it('proposes its key, and gets its credential from one that is in', async () => {
    const client = newClient();
    await client.enrol();
    await client.takeTickets(1);
    const { id, uri } = await client.prepare({ immediately: true, kind: 'u', keyType: 'P-256' });
    await client.redeem(id);
    const { proposeClient } = await import('./pseudonym/further-client.js');
    const { key, proposal } = await proposeClient(uri);
    const credential = await client.admitClient(proposal);
    expect(credential.clientUri).toBe(key.clientUri);
    expect(uri).toMatch(/^mimi:\/\/provider\.example\/u\/[a-z2-7]{26}$/);
    await expect(client.admitClient({ ...proposal, uri: `${uri}x` })).rejects.toMatchObject(problem('not-known'));
  });
});
