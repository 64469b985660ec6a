import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { eventTypes, fromBase64Url, setClaims, statusAnswerType, statusRequestType } from '#contracts';
import { decodeAbuseReport } from '#mimi';
import { DeliveryFailed, SetRejected, StatusUnavailable } from './errors.js';
import { HubClient } from './hub-client.js';
import type { HubClientOptions } from './hub-client.js';
import type { SignedSet } from './signed-set.js';

const pair = generateKeyPairSync('ed25519');
const provider = generateKeyPairSync('ed25519');
const now = new Date('2026-11-23T12:34:56Z');
const hub = 'https://hub.example';
const audience = 'https://provider.example';
const uri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';

type Answer = Response | Error;
function client(answers: Answer[], more: Partial<HubClientOptions> = {}) {
  const sent: { url: string; init: RequestInit }[] = [];
  const waits: number[] = [];
  const made = new HubClient({
    hub,
    audience,
    nyms: 'https://nyms.provider.example',
    key: { kid: 'k1', alg: 'EdDSA', privateKey: pair.privateKey },
    now: () => now,
    random: () => 0.5,
    wait: async (ms) => void waits.push(ms),
    fetch: (async (url: URL, init: RequestInit) => {
      sent.push({ url: String(url), init });
      const answer = answers[sent.length - 1] ?? answers.at(-1)!;
      if (answer instanceof Error) throw answer;
      return answer.clone();
    }) as typeof fetch,
    ...more,
  });
  return { made, sent, waits };
}
const taken = () => new Response(null, { status: 202 });
const refused = (err: string) => new Response(JSON.stringify({ err, description: 'why' }), { status: 400 });

describe("a hub's client", () => {
  it('pushes each kind of signal as a SET of our profile', async () => {
    const { made, sent } = client([taken()]);
    await made.report(
      uri,
      { reason: 'spam', hubVerified: true, abuseReport: Uint8Array.of(1, 2), reporters: '2-5' },
      { txn: 't' },
    );
    const { jti } = await made.ban(uri, { by: 'hub', permanent: true });
    await made.unban(uri, jti);
    await made.kick(uri, { by: 'room-admin' });
    await made.rate(uri, { metric: 'joins', observed: 40, limit: 10, windowSeconds: 60 });
    await made.commend(uri, '2026-01-31');
    await made.retract(uri, jti, { jti: 'my-own' });
    const events = await Promise.all(
      sent.map(async ({ url, init }) => {
        expect(url).toBe('https://nyms.provider.example/v1/signals');
        expect(init).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/secevent+jwt' } });
        const { payload } = await jwtVerify(String(init.body), pair.publicKey, {
          typ: 'secevent+jwt',
          issuer: hub,
          audience,
          currentDate: now,
        });
        expect(payload).not.toHaveProperty('exp');
        return setClaims.parse(payload);
      }),
    );
    expect(events.map((claims) => claims.events)).toEqual([
      { [eventTypes.abuseReport]: { reason: 'spam', hubVerified: true, abuseReport: 'AQI', reporters: '2-5' } },
      { [eventTypes.ban]: { by: 'hub', permanent: true } },
      { [eventTypes.unban]: { jti } },
      { [eventTypes.kick]: { by: 'room-admin' } },
      { [eventTypes.rate]: { metric: 'joins', observed: 40, limit: 10, windowSeconds: 60 } },
      { [eventTypes.commend]: { since: '2026-01-31' } },
      { [eventTypes.retract]: { jti } },
    ]);
    expect(new Set(events.map((claims) => claims.jti)).size).toBe(7);
    expect(events.at(-1)?.jti).toBe('my-own');
  });

  it('makes AbuseReport bytes about the pseudonym of what is in a report, and sends none that cannot be', async () => {
    const { made, sent } = client([taken()]);
    const frank = { serverFrank: new Uint8Array(32).fill(7), cipherSuite: 1, integritySignature: new Uint8Array(64) };
    const message = { messageContent: Uint8Array.of(1), frank, acceptedTimestamp: 1_795_000_000_000n };
    const room = 'mimi://hub.example/r/lobby';
    await made.report(uri, { reason: 'spam', hubVerified: true, room, abuseReport: { messages: [message], note: 'rude' } });
    const events = setClaims.parse(decodeJwt(String(sent[0]!.init.body))).events;
    const { abuseReport, ...rest } = events[eventTypes.abuseReport]!;
    expect(rest).toEqual({ reason: 'spam', hubVerified: true, room });
    expect(decodeAbuseReport(fromBase64Url(String(abuseReport)))).toEqual({
      reportingUser: '',
      allegedAbuserUri: uri,
      reasonCode: 0,
      note: 'rude',
      messages: [message],
      abuseExtensions: [],
    });
    const short = { ...message, frank: { ...frank, serverFrank: new Uint8Array(31) } };
    const report = { reason: 'spam', hubVerified: true } as const;
    await expect(made.report(uri, { ...report, abuseReport: { messages: [short] } })).rejects.toThrow(RangeError);
    await expect(made.report(uri, { ...report, room: 'lobby' })).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(1);
  });

  it('sends the same bytes again until they are taken', async () => {
    const limited = new Response(null, { status: 429, headers: { 'retry-after': '2' } });
    const { made, sent, waits } = client([new Error('reset'), new Response(null, { status: 503 }), limited, taken()]);
    await made.kick(uri, { by: 'hub' });
    expect(new Set(sent.map(({ init }) => init.body)).size).toBe(1);
    expect(sent).toHaveLength(4);
    expect(waits).toEqual([100, 200, 2_100]);
  });

  it('gives up after its attempts, and says what came last', async () => {
    const { made, sent } = client([new Response(null, { status: 500 })], { retry: { attempts: 3 } });
    await expect(made.kick(uri, { by: 'hub' }, { jti: 'j' })).rejects.toMatchObject({
      name: 'DeliveryFailed',
      jti: 'j',
      status: 500,
    });
    expect(sent).toHaveLength(3);
    const offline = client([new Error('offline')], { retry: { attempts: 2 } });
    await expect(offline.made.kick(uri, { by: 'hub' })).rejects.toMatchObject({ status: undefined });
  });

  it('never sends again what was rejected for good', async () => {
    const { made, sent } = client([refused('access_denied')]);
    await expect(made.kick(uri, { by: 'hub' })).rejects.toMatchObject({ err: 'access_denied', description: 'why' });
    expect(sent).toHaveLength(1);
    const strange = client([new Response('<html>', { status: 413 })]);
    await expect(strange.made.kick(uri, { by: 'hub' })).rejects.toMatchObject({ name: 'SetRejected', err: 'http_413' });
  });

  it('does not sign a payload that would be ignored', async () => {
    const { made, sent } = client([taken()]);
    await expect(made.commend(uri, 'yesterday')).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(0);
  });

  it('stops when it is told to', async () => {
    const { made, sent } = client([new Error('offline')]);
    await expect(made.kick(uri, { by: 'hub' }, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    expect(sent).toHaveLength(0);
  });

  it('keeps in the outbox what is not delivered, and redelivers it', async () => {
    const box = new Map<string, SignedSet>();
    const outbox = {
      put: async (set: SignedSet) => void box.set(set.jti, set),
      remove: async (jti: string) => void box.delete(jti),
      pending: () => [...box.values()],
    };
    const answers: Answer[] = [taken(), new Error('down'), new Error('down'), refused('invalid_request'), taken()];
    const { made, sent } = client(answers, { outbox, retry: { attempts: 1 } });
    await made.kick(uri, { by: 'hub' }, { jti: 'a' });
    await expect(made.kick(uri, { by: 'hub' }, { jti: 'b' })).rejects.toBeInstanceOf(DeliveryFailed);
    await expect(made.kick(uri, { by: 'hub' }, { jti: 'c' })).rejects.toBeInstanceOf(DeliveryFailed);
    expect([...box.keys()]).toEqual(['b', 'c']);
    const rejected = await made.redeliver();
    expect(rejected.map((error) => [error instanceof SetRejected, error.jti])).toEqual([[true, 'b']]);
    expect(box.size).toBe(0);
    expect(decodeJwt(String(sent.at(-1)!.init.body)).jti).toBe('c');
  });
});

describe('a status check', () => {
  const jwks = { keys: [{ ...provider.publicKey.export({ format: 'jwk' }), kid: 'a1', alg: 'EdDSA' }] };
  const status = { status_list: { idx: 7, uri: 'https://nyms.provider.example/v1/status-lists/0' } };
  const answer = (claims: object, typ = statusAnswerType, key = provider.privateKey) =>
    new SignJWT({
      iss: audience,
      aud: hub,
      iat: Date.UTC(2026, 10, 23) / 1_000,
      sub_id: { format: 'uri', uri },
      status,
      ...claims,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'a1', typ })
      .sign(key);
  const asking = async (status: string | number) => {
    const asked: string[] = [];
    const { made } = client([], {
      fetch: (async (url: URL | string, init: RequestInit) => {
        if (String(url).endsWith('/jwks.json')) return Response.json(jwks);
        asked.push(String(url), new Headers(init.headers).get('authorization') ?? '');
        return typeof status === 'number' ? new Response(null, { status }) : Response.json({ status });
      }) as typeof fetch,
    });
    return { active: made.isActive(uri), asked };
  };

  it.each([true, false])('believes a signed answer: %s', async (active) => {
    const question = await asking(await answer({ active }));
    expect(await question.active).toBe(active);
    const [url, authorization] = question.asked;
    expect(url).toBe(`https://nyms.provider.example/v1/pseudonyms/${encodeURIComponent(uri)}/status`);
    const { payload } = await jwtVerify(authorization!.slice('Bearer '.length), pair.publicKey, {
      typ: statusRequestType,
      currentDate: now,
    });
    expect(payload).toEqual({
      iss: hub,
      aud: audience,
      iat: now.getTime() / 1_000,
      sub_id: { format: 'uri', uri },
    });
  });

  it.each<[string, () => Promise<string | number>]>([
    ['signed by somebody else', () => answer({ active: true }, statusAnswerType, pair.privateKey)],
    ['of another kind', () => answer({ active: true }, 'JWT')],
    ['about another pseudonym', () => answer({ active: true, sub_id: { format: 'uri', uri: `${uri}x` } })],
    ['for another hub', () => answer({ active: true, aud: 'https://other.example' })],
    ['of another provider', () => answer({ active: true, iss: 'https://other.example' })],
    ['of last week', () => answer({ active: true, iat: Date.UTC(2026, 10, 16) / 1_000 })],
    ['without an answer', () => answer({})],
    ['without a place in the lists', () => answer({ active: true, status: {} })],
    ['a refusal', async () => 403],
  ])('believes no answer that is %s', async (_, make) => {
    await expect((await asking(await make())).active).rejects.toBeInstanceOf(StatusUnavailable);
  });
});
