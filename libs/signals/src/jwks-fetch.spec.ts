import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hubSigner } from './hub.fixture.js';
import { fetchJwks } from './jwks-fetch.js';

const { jwk } = hubSigner();
const answers: Readonly<Record<string, [number, string]>> = {
  '/good': [200, JSON.stringify({ keys: [jwk, { ...jwk, kid: 'k2', use: 'enc' }, null, { kty: 'oct' }] })],
  '/many': [200, JSON.stringify({ keys: Array.from({ length: 40 }, (_, i) => ({ ...jwk, kid: `k${i}` })) })],
  '/large': [200, JSON.stringify({ keys: [jwk], filler: 'x'.repeat(70_000) })],
  '/absent': [404, '{}'],
  '/words': [200, 'hello'],
  '/other': [200, '{"keys":7}'],
};
const server = createServer((request, response) => {
  const [status, body] = answers[request.url ?? ''] ?? [302, ''];
  response.writeHead(status, status === 302 ? { location: '/good' } : {}).end(body);
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const kids = async (path: string) => (await fetchJwks(new URL(path, origin))).map((key) => key.jwk.kid);

describe('a JWKS over HTTP', () => {
  it('gives the keys we can use, 16 at most', async () => {
    expect(await kids('/good')).toEqual([jwk.kid]);
    expect(await kids('/many')).toHaveLength(16);
  });

  it.each(['/large', '/absent', '/words', '/other', '/moved'])('is no answer when it is %s', async (path) => {
    await expect(fetchJwks(new URL(path, origin))).rejects.toThrow();
  });
});
