/** What a push does with each kind of answer and endpoint; real sockets on the loopback interface. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LooseCertificates } from '../../../../../test/fakes/certificates.js';
import { PushClient } from './push-client.js';
import type { PushOptions } from './push-client.js';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(async () => {
    (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return String((server.address() as AddressInfo).port);
}
const http = async (listener: RequestListener) => `http://127.0.0.1:${await listening(createServer(listener))}/`;
function client(options: Partial<PushOptions> = {}) {
  const made = new PushClient({ production: false, ...options });
  opened.push(() => made.close());
  return (url: string, authorization?: string) => made.push({ url, authorization }, 'a.b.c');
}

const later = (failure: string, retryAfterMs = 0) => ({ kind: 'later', failure, retryAfterMs });

describe('a push', () => {
  it('is delivered by any success', async () => {
    for (const status of [202, 200, 204]) {
      const url = await http((_request, response) => void response.writeHead(status).end());
      expect(await client()(url)).toEqual({ kind: 'delivered' });
    }
  });

  it('is refused for good by 400 with an error code, and by nothing else', async () => {
    const answering = (status: number, body: string) => http((_request, response) => void response.writeHead(status).end(body));
    expect(await client()(await answering(400, '{"err":"invalid_issuer"}'))).toEqual({ kind: 'refused', err: 'invalid_issuer' });
    for (const [status, body] of [
      [400, ''],
      [400, '<html>'],
      [400, '{"err":7}'],
      [401, '{"err":"x"}'],
      [404, ''],
      [500, '{"err":"invalid_issuer"}'],
    ] as const)
      expect(await client()(await answering(status, body))).toEqual(later(`status-${status}`));
  });

  it('follows no redirect, least of all to a private address', async () => {
    const asked: string[] = [];
    const inside = await http((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(202).end();
    });
    for (const status of [301, 302, 307, 308]) {
      const url = await http((_request, response) => void response.writeHead(status, { location: inside }).end());
      expect(await client()(url)).toEqual(later(`status-${status}`));
    }
    expect(asked).toEqual([]);
  });

  it('connects to no private address behind a public name', async () => {
    const asked: string[] = [];
    const port = await listening(createTlsServer({}, () => void asked.push('x')));
    const resolve: PushOptions['resolve'] = (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
    expect(await client({ production: true, resolve })(`https://hub.example:${port}/`)).toEqual(later('address-refused'));
    expect(await client({ production: true })(`https://127.0.0.1:${port}/`)).toEqual(later('address-refused'));
    expect(await client({ production: true })(`http://127.0.0.1:${port}/`)).toEqual(later('address-refused'));
    expect(asked).toEqual([]);
  });

  it('goes where the name leads now, however good the address was before', async () => {
    const loose = new LooseCertificates();
    opened.push(async () => loose.remove());
    const authority = await loose.authority();
    const { key, certificate: cert } = await loose.certificate(authority, 'keyholder');
    const port = await listening(
      createTlsServer({ key, cert }, (_request, response) => void response.writeHead(202, { connection: 'close' }).end()),
    );
    let leadsTo = ['10.0.0.1', '127.0.0.1'];
    const push = client({
      production: true,
      ca: authority.certificate,
      isAllowed: (address) => address === '127.0.0.1', // the only public one here
      resolve: (_host, done) =>
        done(
          null,
          leadsTo.map((address) => ({ address, family: 4 })),
        ),
    });
    expect(await push(`https://keyholder:${port}/`)).toEqual({ kind: 'delivered' });
    leadsTo = ['10.0.0.1'];
    expect(await push(`https://keyholder:${port}/`)).toEqual(later('address-refused'));
  });

  it('believes a certificate of a known authority for the very name and time, and no other', async () => {
    const loose = new LooseCertificates();
    opened.push(async () => loose.remove());
    const [authority, other] = [await loose.authority(), await loose.authority()];
    const serving = ({ key, certificate: cert }: { key: string; certificate: string }) =>
      listening(createTlsServer({ key, cert }, (_request, response) => void response.writeHead(202).end()));
    const good = await serving(await loose.certificate(authority, 'keyholder'));
    const lastMonth = new Date(Date.now() - 30 * 86_400_000);
    const expired = await serving(await loose.certificate(authority, 'keyholder', { from: lastMonth, days: 10 }));
    const selfSigned = await serving(authority);
    const local: Partial<PushOptions> = {
      resolve: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      isAllowed: () => true,
    };
    const result = (ca: string | undefined, name: string, port = good) =>
      client({ ...local, production: true, ...(ca !== undefined && { ca }) })(`https://${name}:${port}/`);
    expect(await result(authority.certificate, 'keyholder')).toEqual({ kind: 'delivered' });
    for (const [ca, name, port] of [
      [other.certificate, 'keyholder', good],
      [authority.certificate, 'hub.example', good],
      [undefined, 'keyholder', good],
      [authority.certificate, 'keyholder', expired],
      [other.certificate, 'keyholder', selfSigned],
    ] as const)
      expect(await result(ca, name, port)).toEqual(later('certificate'));
  });

  it('gives up an endpoint that hangs, before its head or in its body', async () => {
    const silent = await http(() => undefined);
    const endless = await http((_request, response) => void response.writeHead(202).write('x'));
    for (const url of [silent, endless]) expect(await client({ timeoutMs: 100 })(url)).toEqual(later('timeout'));
  });

  it('reads no more of an answer than an error takes', async () => {
    const url = await http((_request, response) => {
      response.writeHead(400);
      const write = () => {
        while (response.writable && response.write('x'.repeat(65_536)));
      };
      response.on('drain', write);
      write();
    });
    expect(await client()(url)).toEqual(later('status-400'));
  });

  it('is kept when nobody answers', async () => {
    expect(await client()('http://127.0.0.1:1/')).toEqual(later('unreachable'));
  });

  it.each([429, 500, 503])('is to be tried again when a receiver that answers %d says so', async (status) => {
    const answering = (headers: Record<string, string>) =>
      http((_request, response) => void response.writeHead(status, headers).end());
    const asked = async (headers: Record<string, string>) => client()(await answering(headers));
    expect(await asked({ 'retry-after': '7200' })).toEqual(later(`status-${status}`, 7_200_000));
    expect(await asked({ 'retry-after': '999999999' })).toEqual(later(`status-${status}`, 86_400_000));
    const dated = { date: 'Wed, 02 Dec 2026 10:00:00 GMT', 'retry-after': 'Wed, 02 Dec 2026 10:01:00 GMT' };
    expect(await asked(dated)).toEqual(later(`status-${status}`, 60_000));
  });
});
