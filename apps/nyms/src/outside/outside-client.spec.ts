import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LooseCertificates } from '../../../../test/fakes/certificates.js';
import { callFailureOf } from './call-failure.js';
import { AnswerTooLarge, OutsideClient } from './outside-client.js';
import { AddressRefused, publicLookup } from './public-addresses.js';

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

  describe('by https', () => {
    const loose = new LooseCertificates();
    const servers: Server[] = [];
    const lookup = publicLookup(
      (_name, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
      () => true,
    );
    afterAll(() => {
      loose.remove();
      for (const server of servers) server.close().closeAllConnections();
    });
    const serving = async ({ key, certificate: cert }: { key: string; certificate: string }) => {
      const server = createTlsServer({ key, cert }, (_request, response) => void response.end('told'));
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    };
    const failureOf = async (ca: string | undefined, name: string, port: number) => {
      const client = new OutsideClient({ anyAddress: false, lookup, ...(ca !== undefined && { ca }) });
      try {
        return (await client.request(new URL(`https://${name}:${port}/`), one)).text;
      } catch (error) {
        return callFailureOf(error);
      } finally {
        await client.close();
      }
    };

    it('believes a certificate of a known authority for the very name and time, and no other', async () => {
      const [authority, other] = [await loose.authority(), await loose.authority()];
      const good = await serving(await loose.certificate(authority, 'witness'));
      const lastMonth = new Date(Date.now() - 30 * 86_400_000);
      const expired = await serving(await loose.certificate(authority, 'witness', { from: lastMonth, days: 10 }));
      const selfSigned = await serving(other);
      expect(await failureOf(authority.certificate, 'witness', good)).toBe('told');
      expect(await failureOf(other.certificate, 'witness', good)).toBe('certificate');
      expect(await failureOf(undefined, 'witness', good)).toBe('certificate');
      expect(await failureOf(authority.certificate, 'hub.example', good)).toBe('certificate');
      expect(await failureOf(authority.certificate, 'witness', expired)).toBe('certificate');
      expect(await failureOf(authority.certificate, 'witness', selfSigned)).toBe('certificate');
    });
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
