import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { deliveryMethods } from '#contracts';
import { StreamRefused, StreamUnavailable, TokenUnavailable } from '../errors.js';
import { sleep } from '../sleep.js';
import { ClientCredentials } from './access-tokens.js';
import { discover, metadataUrl } from './metadata.js';
import type { ProviderMetadata } from './metadata.js';
import { StreamClient } from './stream-client.js';

const hub = 'https://hub.example';
const at = 'https://nyms.provider.example';
const metadata: ProviderMetadata = {
  issuer: 'https://provider.example',
  jwks_uri: `${at}/jwks`,
  configuration_endpoint: `${at}/streams`,
  status_endpoint: `${at}/status`,
  add_subject_endpoint: `${at}/add`,
  remove_subject_endpoint: `${at}/remove`,
  verification_endpoint: `${at}/verify`,
};
const stream = {
  stream_id: 's1',
  iss: metadata.issuer,
  aud: hub,
  events_delivered: [],
  delivery: { method: deliveryMethods.push, endpoint_url: `${hub}/events` },
};

/** Records requests; answers in turn, the last for ever. */
function server(...answers: (Response | Error)[]) {
  const asked: { what: string; body: unknown; token: string | null }[] = [];
  const fetch = (async (url: URL, init: RequestInit = {}) => {
    const { pathname, search } = new URL(url);
    asked.push({
      what: `${init.method ?? 'GET'} ${pathname}${search}`,
      body: typeof init.body === 'string' ? init.body : undefined,
      token: new Headers(init.headers).get('authorization'),
    });
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return answer.clone();
  }) as typeof globalThis.fetch;
  return { asked, fetch };
}
function client(...answers: (Response | Error)[]) {
  const { asked, fetch } = server(...answers);
  const given = ['old', 'new'];
  const tokens = { token: async () => given[0]!, forget: () => void given.shift() };
  const made = new StreamClient({ metadata, tokens, fetch, wait: async () => undefined, retry: { attempts: 3 } });
  return { made, asked };
}

describe("a hub's stream", () => {
  it('is made, read, changed and deleted where the metadata says', async () => {
    const { made, asked } = client(Response.json(stream, { status: 201 }), Response.json(stream));
    const delivery = { method: deliveryMethods.push, endpoint_url: `${hub}/events` } as const;
    expect(await made.create({ delivery })).toMatchObject({ stream_id: 's1' });
    await made.read('s 1');
    await made.update({ stream_id: 's1', description: 'mine' });
    await made.replace({ stream_id: 's1', delivery });
    expect(asked.map(({ what }) => what)).toEqual([
      'POST /streams',
      'GET /streams?stream_id=s+1',
      'PATCH /streams',
      'PUT /streams',
    ]);
    expect(JSON.parse(String(asked[2]!.body))).toEqual({ stream_id: 's1', description: 'mine' });
    expect(asked[0]!.token).toBe('Bearer old');

    const rest = client(new Response(null, { status: 204 }));
    await rest.made.delete('s1');
    await rest.made.addSubject('s1', 'mimi://provider.example/p/a');
    await rest.made.removeSubject('s1', 'mimi://provider.example/p/a');
    await rest.made.verify('s1', 'state');
    const subject = { format: 'uri', uri: 'mimi://provider.example/p/a' };
    expect(rest.asked.map(({ what, body }) => [what, body && JSON.parse(String(body))])).toEqual([
      ['DELETE /streams?stream_id=s1', undefined],
      ['POST /add', { stream_id: 's1', subject }],
      ['POST /remove', { stream_id: 's1', subject }],
      ['POST /verify', { stream_id: 's1', state: 'state' }],
    ]);

    const status = client(Response.json({ stream_id: 's1', status: 'paused' }));
    expect(await status.made.status('s1')).toEqual({ stream_id: 's1', status: 'paused' });
    await status.made.setStatus('s1', 'enabled', 'again');
    expect(JSON.parse(String(status.asked[1]!.body))).toEqual({ stream_id: 's1', status: 'enabled', reason: 'again' });
    expect(await client(Response.json([stream])).made.list()).toMatchObject([{ stream_id: 's1' }]);
  });

  it('gets a new token once when the old one is refused', async () => {
    const { made, asked } = client(new Response('', { status: 401 }), Response.json(stream));
    await made.read('s1');
    expect(asked.map(({ token }) => token)).toEqual(['Bearer old', 'Bearer new']);
    await expect(client(new Response('{}', { status: 401 })).made.read('s1')).rejects.toMatchObject({ status: 401 });
  });

  it('tells what will not pass from what will, and asks again for the latter', async () => {
    const refused = client(Response.json({ title: 'Stream exists' }, { status: 409 }));
    const fault = await refused.made.create({}).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StreamRefused);
    expect(fault).toMatchObject({ status: 409, description: 'Stream exists' });
    const late = client(new Error('away'), new Response('', { status: 503 }), Response.json(stream));
    expect(await late.made.read('s1')).toMatchObject({ stream_id: 's1' });
    await expect(client(new Response('', { status: 500 })).made.read('s1')).rejects.toBeInstanceOf(StreamUnavailable);
    await expect(client(Response.json({ no: 'stream' })).made.read('s1')).rejects.toBeInstanceOf(StreamUnavailable);
  });

  it('is let go at once when the hub stops, whatever is waited for', async () => {
    const { asked, fetch } = server(new Response('', { status: 429, headers: { 'retry-after': '3600' } }));
    const tokens = { token: async () => 'token', forget: () => undefined };
    const stopping = new AbortController();
    const waiting = Promise.withResolvers<void>();
    const wait = (ms: number, signal?: AbortSignal) => {
      waiting.resolve();
      return sleep(ms, signal);
    };
    const verified = new StreamClient({ metadata, tokens, fetch, wait, signal: stopping.signal }).verify('s1');
    await waiting.promise;
    stopping.abort(new Error('the hub stops'));
    await expect(verified).rejects.toThrow('the hub stops');
    expect(asked).toHaveLength(1);
  });
});

describe('metadata', () => {
  it.each([
    ['https://h.example', 'https://h.example/.well-known/ssf-configuration'],
    ['https://h.example/', 'https://h.example/.well-known/ssf-configuration'],
    ['https://h.example/issuer1', 'https://h.example/.well-known/ssf-configuration/issuer1'],
  ])('of %s is at %s', (issuer, address) => {
    expect(metadataUrl(issuer).href).toBe(address);
  });

  it('is of the issuer that was asked for, with https endpoints, or none', async () => {
    const { asked, fetch } = server(Response.json({ ...metadata, more: 'ignored' }));
    expect(await discover(metadata.issuer, { at, fetch })).toEqual(metadata);
    expect(asked[0]!.what).toBe('GET /.well-known/ssf-configuration');
    for (const answer of [
      Response.json({ ...metadata, issuer: 'https://other.example' }),
      Response.json({ ...metadata, jwks_uri: 'http://nyms.provider.example/jwks' }),
      new Response('', { status: 404 }),
      new Error('away'),
    ])
      await expect(discover(metadata.issuer, { fetch: server(answer).fetch })).rejects.toBeInstanceOf(StreamUnavailable);
  });
});

describe('access tokens by client credentials', () => {
  const pair = generateKeyPairSync('ed25519');
  const tokenEndpoint = 'https://as.example/token';
  let now = new Date('2026-11-30T23:59:30Z');
  const source = (...answers: (Response | Error)[]) => {
    const { asked, fetch } = server(...answers);
    const key = { kid: 'k1', alg: 'EdDSA', privateKey: pair.privateKey } as const;
    return { asked, tokens: new ClientCredentials({ tokenEndpoint, clientId: hub, key, fetch, now: () => now }) };
  };
  const granted = (token: string) => Response.json({ access_token: token, token_type: 'Bearer', expires_in: 3_600 });

  it('are asked for with an assertion of the key, for both scopes, and kept until shortly before their end', async () => {
    const { asked, tokens } = source(granted('one'), granted('two'));
    expect(await Promise.all([tokens.token(), tokens.token()])).toEqual(['one', 'one']);
    const form = new URLSearchParams(String(asked[0]!.body));
    expect(form.get('grant_type')).toBe('client_credentials');
    expect(form.get('scope')).toBe('ssf.manage ssf.read');
    const { payload } = await jwtVerify(form.get('client_assertion')!, pair.publicKey, {
      issuer: hub,
      subject: hub,
      audience: tokenEndpoint,
      currentDate: now,
    });
    expect(payload.exp! - payload.iat!).toBe(60);
    now = new Date(now.getTime() + 3_569_000);
    expect(await tokens.token()).toBe('one');
    now = new Date(now.getTime() + 2_000);
    expect(await tokens.token()).toBe('two');
    expect(asked).toHaveLength(2);
    tokens.forget('one');
    expect(await tokens.token()).toBe('two');
  });

  it('are not had when the server refuses, says nothing of use, or is away', async () => {
    await expect(source(Response.json({ error: 'invalid_client' }, { status: 401 })).tokens.token()).rejects.toThrow(
      'invalid_client (status 401)',
    );
    for (const answer of [Response.json({}), new Response('no json'), new Error('away')])
      await expect(source(answer).tokens.token()).rejects.toBeInstanceOf(TokenUnavailable);
  });
});
