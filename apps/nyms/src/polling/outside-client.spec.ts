import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnswerTooLarge, OutsideClient } from './outside-client.js';
import { AddressRefused, publicLookup } from '../streams/delivery/public-addresses.js';

describe('a call to a program of others', () => {
  const server = createServer((request, response) => {
    if (request.url === '/moved') return void response.writeHead(302, { location: '/' }).end();
    if (request.url === '/hangs') return;
    response.end('x'.repeat(1_000));
  });
  let here: URL;
  const open = new OutsideClient({ anyAddress: true });
  const one = { method: 'GET', timeoutMs: 5_000, mostBytes: 1_000 } as const;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    here = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await open.close();
    server.closeAllConnections();
    server.close();
  });

  it('gives the answer, and a redirect as it is', async () => {
    expect((await open.request(here, one)).text).toHaveLength(1_000);
    expect((await open.request(new URL('/moved', here), one)).status).toBe(302);
  });

  it('ends at its bound and at its deadline', async () => {
    await expect(open.request(here, { ...one, mostBytes: 999 })).rejects.toThrow(AnswerTooLarge);
    await expect(open.request(new URL('/hangs', here), { ...one, timeoutMs: 20 })).rejects.toThrow();
  });

  describe('where only public addresses are allowed', () => {
    const names: Record<string, string[]> = { 'inside.example': ['10.0.0.7', 'fd00::1'] };
    const lookup = publicLookup((name, found) =>
      found(
        null,
        (names[name] ?? []).map((address) => ({ address, family: 4 })),
      ),
    );
    const client = new OutsideClient({ anyAddress: false, lookup });
    afterAll(() => client.close());

    it.each([
      ...[
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://169.254.169.254/latest',
        'https://[::ffff:7f00:1]/',
        'https://0x7f.1/',
      ],
      ...['http://hub.example/', 'https://inside.example/', 'https://nowhere.example/'],
    ])('%s is not called', async (url) => {
      await expect(client.request(new URL(url), one)).rejects.toThrow(AddressRefused);
    });
  });
});
