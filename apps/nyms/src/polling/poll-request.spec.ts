import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '#platform';
import { HubTokens } from './hub-tokens.js';
import { OutsideClient } from '../outside/outside-client.js';
import { poll, PollFailed } from './poll-request.js';

let answer: (response: ServerResponse) => void;
const seen: { headers: IncomingHttpHeaders; body: string; path: string | undefined }[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    seen.push({ headers: request.headers, body: Buffer.concat(parts).toString(), path: request.url });
    answer(response);
  });
});
const client = new OutsideClient({ anyAddress: true });
let url: URL;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/poll?feed=1`);
});
afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const asked = (more: object = {}) =>
  poll(client, { maxEvents: 10, returnImmediately: true, ...more }, options({ authorization: 'Bearer t' }));
const options = (headers = {}, at = url) => ({
  url: at,
  headers,
  timeoutMs: 300,
  mostBytes: 5_000,
  signal: new AbortController().signal,
  now: () => new Date(),
});
const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof PollFailed) return [error.reason, error.retryAfterMs];
  throw error;
};

describe('one poll', () => {
  it('is a POST of JSON with our token, in a language where it says errors', async () => {
    answer = (response) => response.end('{"sets":{"a":"x"},"moreAvailable":true,"other":1}');
    const setErrs = { b: { err: 'invalid_key', description: 'no' } } as const;
    expect(await asked({ setErrs })).toEqual({ sets: [['a', 'x']], moreAvailable: true });
    const { headers, body, path } = seen.at(-1)!;
    expect(path).toBe('/poll?feed=1');
    expect(headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json', authorization: 'Bearer t' });
    expect(headers['content-language']).toBe('en');
    expect(JSON.parse(body)).toEqual({ maxEvents: 10, returnImmediately: true, setErrs });
    await asked();
    expect(seen.at(-1)!.headers['content-language']).toBeUndefined();
  });

  it.each([
    [';{ broken', 'malformed'],
    ['', 'malformed'],
    ['[]', 'malformed'],
    ['{}', 'malformed'],
    ['{"sets":[]}', 'malformed'],
    ['{"sets":{},"moreAvailable":"yes"}', 'malformed'],
    [JSON.stringify({ sets: { a: 'x'.repeat(6_000) } }), 'too-large'],
  ])('has failed when it is answered %s', async (text, reason) => {
    answer = (response) => response.end(text);
    expect(await failure(asked())).toEqual([reason, 0]);
  });

  it.each([
    [500, {}, 'busy', 0],
    [503, { 'retry-after': '7' }, 'busy', 7_000],
    [429, { 'retry-after': '99999999' }, 'busy', 3_600_000],
    [429, { 'retry-after': 'soon' }, 'busy', 0],
    [503, { date: 'Wed, 02 Dec 2026 10:00:00 GMT', 'retry-after': 'Wed, 02 Dec 2026 10:01:00 GMT' }, 'busy', 60_000],
    [401, {}, 'refused', 0],
    [204, {}, 'refused', 0],
    [307, { location: 'http://169.254.169.254/latest' }, 'refused', 0],
  ])('has failed with status %d and %j', async (status, headers, reason, retryAfterMs) => {
    answer = (response) => response.writeHead(status, headers).end();
    const before = seen.length;
    expect(await failure(asked())).toEqual([reason, retryAfterMs]);
    expect(seen).toHaveLength(before + 1); // and nobody was asked in its place
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['hangs', () => undefined],
    ['stops in the middle', (response) => void response.write('{"sets":')],
    ['hangs up', (response) => void response.destroy()],
  ])('has failed when the transmitter %s', async (_, how) => {
    answer = how;
    expect(await failure(asked())).toEqual(['no-answer', 0]);
  });

  it('has failed where nobody listens, and in production inside our own network', async () => {
    expect(
      await failure(poll(client, { maxEvents: 1, returnImmediately: true }, options({}, new URL('http://127.0.0.1:1/')))),
    ).toEqual(['no-answer', 0]);
    const strict = new OutsideClient({ anyAddress: false });
    const before = seen.length;
    expect(await failure(poll(strict, { maxEvents: 1, returnImmediately: true }, options()))).toEqual(['address-refused', 0]);
    expect(seen).toHaveLength(before);
    await strict.close();
  });
});

describe('what transmitters ask of us', () => {
  it('is a token for each, from a file, and nothing for others', () => {
    const tokens = HubTokens.read(new Secret('{"https://a.example":"abc.DEF-1"}'));
    expect(tokens.of('https://a.example')).toEqual({ authorization: 'Bearer abc.DEF-1' });
    expect(tokens.of('https://b.example')).toEqual({});
    expect(HubTokens.read(undefined).of('https://a.example')).toEqual({});
    expect(JSON.stringify(tokens)).not.toContain('DEF');
  });

  it.each(['', 'token', '[]', 'null', '{"https://a.example":7}', '{"https://a.example":"two words"}'])('is not %j', (text) => {
    expect(() => HubTokens.read(new Secret(text))).toThrow(/NYMS_HUB_TOKENS_FILE must be/);
  });
});
