/** Mutual TLS as two processes meet: who is let in, who is not, and what becomes of requests while certificates change. */
import tls from 'node:tls';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { LooseCertificates } from '../../../../test/fakes/certificates.js';
import { FixedClock } from '../clock.js';
import { CallersModule, OnlyFor } from '../http/callers.js';
import { Consumes, octetStream } from '../http/content-types.js';
import { createHttpApp } from '../http/create-http-app.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { TlsIdentity } from './identity.js';
import type { TlsReport } from './identity.js';
import { ServiceClient } from './service-client.js';
import { TlsModule } from './tls.module.js';

@Controller('v1')
class RoutesController {
  @Get('nyms')
  @OnlyFor('nyms')
  nyms() {
    return { for: 'nyms' };
  }

  @Get('registrar')
  @OnlyFor('registrar', 'ctl')
  registrar() {
    return { for: 'registrar' };
  }

  @Post('bulk')
  @OnlyFor('nyms')
  @Consumes(octetStream)
  async bulk(@Body() body: AsyncIterable<Buffer>) {
    let sum = 0;
    for await (const chunk of body) for (const byte of chunk) sum = (sum + byte) % 65_521;
    return { sum };
  }

  @Get('forgotten')
  forgotten() {
    return {};
  }
}

const logger = createLogger({ app: 'demo', level: 'silent' });
const clock = new FixedClock('2026-01-01T00:00:00Z');
const loose = new LooseCertificates();
type Made = Awaited<ReturnType<typeof loose.authority>>;

let authority: Made;
let identity: TlsIdentity;
let app: NestFastifyApplication;
let url: string;

const identityOf = async (name: 'keyholder' | 'nyms' | 'registrar' | 'ctl' | 'witness', by = authority, trusted = [authority]) =>
  TlsIdentity.open(name, loose.write(`${name}-${Math.random()}`, await loose.certificate(by, name), trusted));
const clientOf = async (name: 'nyms' | 'registrar' | 'ctl' | 'witness', by = authority) =>
  new ServiceClient(url, 'keyholder', await identityOf(name, by));

beforeAll(async () => {
  authority = await loose.authority();
  identity = await identityOf('keyholder');
  @Module({
    imports: [PlatformModule.register({ logger, clock }), TlsModule.register(identity, logger), CallersModule.register()],
    controllers: [RoutesController],
  })
  class DemoModule {}
  app = await createHttpApp(DemoModule, { logger, tls: identity });
  url = await app.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  loose.remove();
});

/** Without the checks of our own client. */
async function bare(route: string, options: tls.ConnectionOptions): Promise<number> {
  const agent = new Agent({ connect: { ca: authority.certificate, servername: 'keyholder', ...options } });
  try {
    const { statusCode, body } = await request(url + route, { dispatcher: agent });
    await body.dump();
    return statusCode;
  } finally {
    await agent.destroy();
  }
}

describe('a process that only its own kind may call', () => {
  it('has an https address', () => expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/));

  it('knows each caller by its certificate, and lets it to its own routes alone', async () => {
    const [nyms, registrar, ctl] = [await clientOf('nyms'), await clientOf('registrar'), await clientOf('ctl')];
    const status = async (client: ServiceClient, route: string) => (await client.request(route)).status;
    expect([await status(nyms, 'v1/nyms'), await status(nyms, 'v1/registrar')]).toEqual([200, 403]);
    expect([await status(registrar, 'v1/nyms'), await status(registrar, 'v1/registrar')]).toEqual([403, 200]);
    expect([await status(ctl, 'v1/nyms'), await status(ctl, 'v1/registrar')]).toEqual([403, 200]);
    expect(await (await nyms.request('v1/nyms')).json()).toEqual({ for: 'nyms' });
    await Promise.all([nyms, registrar, ctl].map((client) => client.close()));
  });

  it('serves a route that names nobody to nobody', async () => {
    const nyms = await clientOf('nyms');
    expect((await nyms.request('v1/forgotten')).status).toBe(403);
    expect(await bare('/v1/forgotten', {})).toBe(401);
    await nyms.close();
  });

  it('lets nobody in without a certificate, but tells anyone of its health and metrics', async () => {
    expect(await bare('/v1/nyms', {})).toBe(401);
    expect([await bare('/health/live', {}), await bare('/health/ready', {}), await bare('/metrics', {})]).toEqual([
      200, 200, 200,
    ]);
  });

  it.each([
    ['of another authority', async () => loose.certificate(await loose.authority(), 'nyms')],
    ['that has expired', async () => loose.certificate(authority, 'nyms', { from: new Date('2024-01-01') })],
    ['that is not yet valid', async () => loose.certificate(authority, 'nyms', { from: new Date(Date.now() + 10 * 86_400_000) })],
    ['that is for being called only', async () => loose.certificate(authority, 'witness')],
  ])('does not know a certificate %s', async (_, make) => {
    const { key, certificate } = await make();
    expect(await bare('/v1/nyms', { key, cert: certificate })).toBe(401);
    expect(await bare('/health/live', { key, cert: certificate })).toBe(200);
  });

  it('refuses TLS 1.2', async () => {
    const { key, certificate: cert } = await loose.certificate(authority, 'nyms');
    await expect(bare('/v1/nyms', { key, cert, maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version|alert/i);
    expect(await bare('/v1/nyms', { key, cert, minVersion: 'TLSv1.3' })).toBe(200);
  });

  it('does not answer a request without TLS', async () => {
    await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();
  });

  it('takes large bodies as they are', async () => {
    const nyms = await clientOf('nyms');
    const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const sum = bytes.reduce((total, byte) => (total + byte) % 65_521, 0);
    const halves = async function* () {
      yield bytes.subarray(0, 1_000_000);
      yield bytes.subarray(1_000_000);
    };
    for (const body of [bytes, halves()])
      expect(await (await nyms.request('v1/bulk', { type: octetStream, body })).json()).toEqual({ sum });
    await nyms.close();
  });

  it('keeps connections, and takes up the session of one that was cut, with the caller it knew', async () => {
    const nyms = await clientOf('nyms');
    const reused: boolean[] = [];
    const note = (socket: tls.TLSSocket) => reused.push(socket.isSessionReused());
    app.getHttpServer().on('secureConnection', note);
    for (let i = 0; i < 20; i++) await (await nyms.request('v1/nyms')).drop();
    expect(reused.length).toBeLessThan(4);
    app.getHttpServer().closeAllConnections();
    reused.length = 0;
    for (const end = performance.now() + 5_000; reused.length === 0 && performance.now() < end;)
      await nyms.request('v1/nyms').then(
        async (answer) => expect([answer.status, await answer.json()]).toEqual([200, { for: 'nyms' }]),
        () => undefined, // it may still find the connection that was cut
      );
    expect(reused).toContain(true);
    app.getHttpServer().off('secureConnection', note);
    await nyms.close();
  });
});

describe('a caller', () => {
  it('does not talk to another process of the same authority', async () => {
    const client = new ServiceClient(url, 'witness', await identityOf('nyms'));
    await expect(client.request('health/live')).rejects.toThrow(/not that of witness/);
    await client.close();
  });

  it('does not talk to a key holder of another authority', async () => {
    const other = await loose.authority();
    const client = new ServiceClient(url, 'keyholder', await identityOf('nyms', other, [other]));
    await expect(client.request('health/live')).rejects.toThrow(/certificate|issuer/);
    await client.close();
  });

  it('has an https address to call', async () => {
    const own = await identityOf('nyms');
    expect(() => new ServiceClient('http://127.0.0.1:1', 'keyholder', own)).toThrow('must be https');
  });

  it('gives up at its deadline', async () => {
    const nyms = await clientOf('nyms');
    const endless = async function* () {
      yield new Uint8Array(1);
      await new Promise(() => {});
    };
    const asked = nyms.request('v1/bulk', { type: octetStream, body: endless(), timeoutMs: 50 });
    await expect(asked).rejects.toThrow(/timeout|abort/i);
    await nyms.close();
  });
});

describe('certificates that change', () => {
  const serve = async (own: TlsIdentity) => {
    @Module({
      imports: [PlatformModule.register({ logger, clock }), TlsModule.register(own, logger), CallersModule.register()],
      controllers: [RoutesController],
    })
    class RotatingModule {}
    const server = await createHttpApp(RotatingModule, { logger, tls: own });
    return { server, at: await server.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0 }) };
  };

  it('lose no request, on either side and when the authority changes too', async () => {
    const next = await loose.authority();
    const write = async (name: 'keyholder' | 'nyms', by: Made, trusted: Made[]) =>
      loose.write(`rotating-${name}`, await loose.certificate(by, name), trusted);
    const keyholder = TlsIdentity.open('keyholder', await write('keyholder', authority, [authority]));
    const nyms = TlsIdentity.open('nyms', await write('nyms', authority, [authority]));
    const { server, at } = await serve(keyholder);
    let connections = 0;
    server.getHttpServer().on('secureConnection', () => connections++);
    const client = new ServiceClient(at, 'keyholder', nyms);

    const statuses: number[] = [];
    let done = false;
    const bytes = new Uint8Array(200_000);
    const asking = Array.from({ length: 4 }, async () => {
      while (!done) {
        const answer = await client.request('v1/bulk', { type: octetStream, body: bytes });
        statuses.push(answer.status);
        await answer.drop();
      }
    });
    const answered = async (more: number) => {
      for (const end = statuses.length + more; statuses.length < end;) await new Promise((resolve) => setImmediate(resolve));
    };
    const steps: [Made, Made[]][] = [
      [authority, [authority]], // renewed
      [authority, [authority, next]], // the next authority is believed, too
      [next, [authority, next]], // it certifies
      [next, [next]], // the first is forgotten
    ];
    await answered(8);
    for (const [by, trusted] of steps) {
      await write('keyholder', by, trusted);
      await keyholder.look();
      await answered(8);
      await write('nyms', by, trusted);
      await nyms.look();
      await answered(8);
    }
    done = true;
    await Promise.all(asking);
    expect(new Set(statuses)).toEqual(new Set([201]));
    expect(connections).toBeGreaterThanOrEqual(5);
    await client.close();
    await server.close();
  });

  it('end what an authority that is no longer believed has let in, on connections that are open too', async () => {
    const next = await loose.authority();
    const files = loose.write('forgetting', await loose.certificate(authority, 'keyholder'), [authority]);
    const keyholder = TlsIdentity.open('keyholder', files);
    const { server, at } = await serve(keyholder);
    const client = new ServiceClient(at, 'keyholder', await identityOf('nyms', authority, [authority, next]));
    expect((await client.request('v1/nyms')).status).toBe(200);
    loose.write('forgetting', await loose.certificate(next, 'keyholder'), [next]);
    await keyholder.look();
    expect((await client.request('v1/nyms')).status).toBe(401);
    await client.close();
    await server.close();
  });

  it('are taken as a whole or not at all, and each state of the files is reported once', async () => {
    const [first, second] = [await loose.certificate(authority, 'nyms'), await loose.certificate(authority, 'nyms')];
    const own = TlsIdentity.open('nyms', loose.write('halves', first, [authority]));
    const reports: TlsReport[] = [];
    const look = () => own.look((report) => reports.push(report));
    await look();
    loose.write('halves', { key: first.key, certificate: second.certificate }, [authority]);
    await look();
    await look();
    expect(own.context.cert).toBe(first.certificate);
    loose.write('halves', second, [authority]);
    await look();
    await look();
    expect(own.context.cert).toBe(second.certificate);
    expect(reports.map(({ event }) => event)).toEqual(['refused', 'renewed']);
    expect(reports[0]).toEqual({ event: 'refused', reason: 'TLS_KEY_FILE is not the key of the certificate' });
  });

  it('stop a start in one line that names the setting', async () => {
    const good = await loose.certificate(authority, 'nyms');
    const expired = await loose.certificate(authority, 'nyms', { from: new Date('2024-01-01') });
    const other = await loose.authority();
    const open = (made: Made, authorities: Made[]) => () => TlsIdentity.open('nyms', loose.write('start', made, authorities));
    expect(open(await loose.certificate(authority, 'registrar'), [authority])).toThrow(
      'NYMS_TLS_CERT_FILE is the certificate of registrar, not of nyms',
    );
    expect(open(expired, [authority])).toThrow(/^NYMS_TLS_CERT_FILE is valid from .* 2024 /);
    expect(open(good, [other])).toThrow('NYMS_TLS_CERT_FILE is of another authority');
    expect(open({ ...good, key: expired.key }, [authority])).toThrow('NYMS_TLS_KEY_FILE is not the key of the certificate');
    expect(open({ ...good, certificate: 'hello' }, [authority])).toThrow('NYMS_TLS_CERT_FILE holds no certificate in PEM');
    expect(open(good, [good])).toThrow('NYMS_TLS_CA_FILE holds no certificates of an authority in PEM');
    const missing = { ...loose.write('start', good, [authority]), tlsCaFile: '/nowhere/ca.pem' };
    expect(() => TlsIdentity.open('nyms', missing)).toThrow('NYMS_TLS_CA_FILE cannot be read (ENOENT)');
  });
});
