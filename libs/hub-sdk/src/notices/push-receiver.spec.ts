import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { noticeTypes, streamEventTypes } from '#contracts';
import type { Notice } from './notice.js';
import { issuer, jwks, pseudonym, signedSet, verifier } from './provider.fixture.js';
import type { SetOptions } from './provider.fixture.js';
import { pushReceiver } from './push-receiver.js';
import type { PushReceiverOptions } from './push-receiver.js';
import { RecentNotices } from './seen-notices.js';
import { AskedStates } from './verification-states.js';

function receiver(more: Partial<PushReceiverOptions> = {}) {
  const taken: Notice[] = [];
  const states = new AskedStates();
  const receive = pushReceiver({
    verifier: verifier(),
    seen: new RecentNotices(),
    states,
    onNotice: (notice) => void taken.push(notice),
    ...more,
  });
  const push = async (token: string, headers: Record<string, string> = {}) =>
    receive(
      new Request('https://hub.example/events', {
        method: 'POST',
        headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json', ...headers },
        body: token,
      }),
    );
  return { taken, states, receive, push };
}
const answerOf = async (response: Response) => ({
  status: response.status,
  language: response.headers.get('content-language'),
  type: response.headers.get('content-type'),
  body: await response.text(),
});
const accepted = { status: 202, language: null, type: null, body: '' };

afterEach(() => void jest.restoreAllMocks());

describe('receiving a push', () => {
  it.each<[string, SetOptions, Partial<Notice>]>([
    ['an account disabled', {}, { kind: 'disabled', pseudonym }],
    ['one signed with ES256', { alg: 'ES256' }, { kind: 'disabled', pseudonym }],
    ['a type with its prefix', { header: { typ: 'application/secevent+jwt' } }, { kind: 'disabled', pseudonym }],
    ['an account enabled', { claims: { events: { [noticeTypes.accountEnabled]: {} } } }, { kind: 'enabled', pseudonym }],
    [
      'a credential revoked',
      { claims: { events: { [noticeTypes.credentialChange]: { credential_type: 'x509', change_type: 'revoke' } } } },
      { kind: 'revoked', pseudonym },
    ],
    [
      'a subject by issuer',
      { claims: { sub_id: { format: 'iss_sub', iss: issuer, sub: pseudonym } } },
      { kind: 'disabled', pseudonym },
    ],
    [
      'a stream paused',
      {
        claims: {
          sub_id: { format: 'opaque', id: 's1' },
          events: { [streamEventTypes.streamUpdated]: { status: 'paused', reason: 'work' } },
        },
      },
      { kind: 'stream-updated', stream: 's1', status: 'paused', reason: 'work' },
    ],
    ['an event nobody knows', { claims: { events: { 'urn:new': {} } } }, { kind: 'other', type: 'urn:new' }],
    [
      'a credential that is only made',
      { claims: { events: { [noticeTypes.credentialChange]: { change_type: 'create' } } } },
      { kind: 'other', type: noticeTypes.credentialChange },
    ],
  ])('takes %s with 202 and nothing else', async (_what, set, notice) => {
    const { taken, push } = receiver();
    expect(await answerOf(await push(await signedSet(set)))).toEqual(accepted);
    expect(taken).toEqual([{ ...notice, jti: 'j1' }]);
  });

  it.each<[string, SetOptions, string]>([
    ['another type', { header: { typ: 'JWT' } }, 'invalid_request'],
    ['no type', { header: { typ: undefined } }, 'invalid_request'],
    ['a sub', { claims: { sub: 'x' } }, 'invalid_request'],
    ['an exp', { claims: { exp: 4_000_000_000 } }, 'invalid_request'],
    ['two events', { claims: { events: { 'urn:a': {}, 'urn:b': {} } } }, 'invalid_request'],
    ['no event', { claims: { events: {} } }, 'invalid_request'],
    ['no jti', { claims: { jti: undefined } }, 'invalid_request'],
    ['no subject', { claims: { sub_id: { format: 'email', email: 'a@b.example' } } }, 'invalid_request'],
    ['a time to come', { claims: { iat: 1_900_000_000 } }, 'invalid_request'],
    ['a time long gone', { claims: { iat: 1_700_000_000 } }, 'invalid_request'],
    ['another issuer', { claims: { iss: 'https://other.example' } }, 'invalid_issuer'],
    ['another audience', { claims: { aud: 'https://other.example' } }, 'invalid_audience'],
    ['a key nobody publishes', { header: { kid: 'other' } }, 'invalid_key'],
  ])('refuses %s with 400, the reason and its language', async (_what, set, err) => {
    const { taken, push } = receiver();
    const answer = await answerOf(await push(await signedSet(set)));
    expect(answer).toMatchObject({ status: 400, language: 'en', type: expect.stringContaining('application/json') });
    expect(JSON.parse(answer.body)).toEqual({ err, description: expect.stringMatching(/\w/) });
    expect(taken).toEqual([]);
  });

  it('refuses a changed signature, one with a shared secret, none at all, and what is no token', async () => {
    const { push } = receiver();
    const good = await signedSet();
    const [head = '', payload = ''] = good.split('.');
    const shared = await new SignJWT({ iss: issuer })
      .setProtectedHeader({ typ: 'secevent+jwt', alg: 'HS256' })
      .sign(new Uint8Array(32));
    const none = `${Buffer.from('{"typ":"secevent+jwt","alg":"none"}').toString('base64url')}.${payload}.`;
    const errOf = async (token: string) => ((await (await push(token)).json()) as { err: string }).err;
    expect(await errOf(`${head}.${payload}.${'A'.repeat(86)}`)).toBe('authentication_failed');
    expect(await errOf(shared)).toBe('authentication_failed');
    expect(await errOf(none)).toBe('authentication_failed');
    for (const token of ['', 'a.b.c', '{"iss":1}', `${head}.${payload}`, 'x'.repeat(70_000)])
      expect(await errOf(token)).toBe('invalid_request');
  });

  it('answers a SET that comes again as if it were new, and deals with it once', async () => {
    const { taken, push } = receiver();
    const token = await signedSet();
    const both = await Promise.all([push(token), push(token)]);
    for (const response of [...both, await push(token)]) expect(await answerOf(response)).toEqual(accepted);
    expect(taken).toHaveLength(1);
  });

  it('wants it again when dealing with it fails, or the keys are away', async () => {
    const faults: unknown[] = [];
    let broken = true;
    const { push } = receiver({
      onNotice: () => {
        if (broken) throw new Error('the database is away');
      },
      onFault: (error) => void faults.push(error),
    });
    const token = await signedSet();
    const response = await push(token);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
    broken = false;
    expect((await push(token)).status).toBe(202);
    const offline = async () => {
      throw new TypeError('fetch failed');
    };
    const away = verifier({ keys: 'https://provider.example/jwks.json', fetch: offline });
    expect((await receiver({ verifier: away, onFault: (error) => void faults.push(error) }).push(token)).status).toBe(503);
    expect(faults).toEqual([new Error('the database is away'), expect.any(TypeError)]);
  });

  it('wants it again when its key may have come since the keys were fetched, and refuses it once they do not have it', async () => {
    let published = { keys: jwks.keys.slice(0, 1) };
    const remote = verifier({ keys: 'https://provider.example/jwks.json', fetch: async () => Response.json(published) });
    const { push } = receiver({ verifier: remote });
    const statusOf = async (set: SetOptions) => (await push(await signedSet(set))).status;
    const began = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(began);
    expect(await statusOf({})).toBe(202);
    published = jwks;
    const fresh = { alg: 'ES256', claims: { jti: 'j2' } } as const;
    clock.mockReturnValue(began + 1_000);
    expect(await statusOf(fresh)).toBe(503);
    clock.mockReturnValue(began + 5_000);
    expect(await statusOf(fresh)).toBe(202);
    clock.mockReturnValue(began + 10_000);
    expect(await statusOf({ header: { kid: 'other' }, claims: { jti: 'j3' } })).toBe(400);
  });

  it('takes a verification with a state that was asked for, or with none, and no other', async () => {
    const { taken, states, push } = receiver();
    const state = states.ask();
    const verification = (jti: string, payload: object) =>
      signedSet({
        claims: { jti, sub_id: { format: 'opaque', id: 's1' }, events: { [streamEventTypes.verification]: payload } },
      });
    const statuses = [];
    for (const [jti, payload] of [
      ['a', { state }],
      ['a', { state }],
      ['b', {}],
    ] as const)
      statuses.push((await push(await verification(jti, payload))).status);
    expect(statuses).toEqual([202, 202, 202]);
    expect(taken).toEqual([
      { kind: 'verification', stream: 's1', state, jti: 'a' },
      { kind: 'verification', stream: 's1', jti: 'b' },
    ]);
    const unasked = await push(await verification('c', { state: 'made up' }));
    expect([unasked.status, ((await unasked.json()) as { err: string }).err]).toEqual([400, 'invalid_state']);
  });

  it('takes pushes with the Authorization of the stream only', async () => {
    const { push } = receiver({ authorization: 'Bearer right' });
    const token = await signedSet();
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer right!' }]) {
      const response = await push(token, headers as Record<string, string>);
      expect([response.status, ((await response.json()) as { err: string }).err]).toEqual([400, 'authentication_failed']);
    }
    expect((await push(token, { authorization: 'Bearer right' })).status).toBe(202);
  });

  it('takes SETs and nothing else', async () => {
    const { receive, push } = receiver();
    expect((await receive(new Request('https://hub.example/events'))).status).toBe(405);
    const json = await push('{}', { 'content-type': 'application/json' });
    expect([json.status, ((await json.json()) as { err: string }).err]).toEqual([400, 'invalid_request']);
  });
});
