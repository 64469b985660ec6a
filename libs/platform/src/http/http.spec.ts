import net from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, HttpException, Module, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Problem, setMediaType } from '#contracts';
import { FixedClock } from '../clock.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { Consumes, octetStream } from './content-types.js';
import { createHttpApp, servedRoutes } from './create-http-app.js';
import { zodBody, zodPath } from './zod.pipe.js';

const item = z.strictObject({ name: z.string().max(5), sizes: z.array(z.int().positive()).default([]) });
const canary = 'canary9f8e7d6c5b4a39281706';

@Controller('v1')
class ThingsController {
  @Post('items')
  create(@Body(zodBody(item)) body: z.output<typeof item>) {
    return body;
  }

  @Get('items/:id')
  one(@Param('id', zodPath(z.string().regex(/^\d+$/))) id: string) {
    return { id };
  }

  @Post('sets')
  @HttpCode(202)
  @Consumes(setMediaType)
  take(@Body() body: string) {
    return { length: body.length };
  }

  @Post('bulk')
  @Consumes(octetStream)
  async bulk(@Body() body: Readable) {
    let length = 0;
    for await (const chunk of body) length += (chunk as Buffer).length;
    return { length };
  }

  @Get('broken/:kind')
  broken(@Param('kind') kind: string) {
    if (kind === 'problem') throw new Problem('hub-limit-reached', { retryAfterMs: 1_200 });
    if (kind === 'nest') throw new HttpException(canary, 418);
    if (kind === 'database') throw Object.assign(new Error(canary), { code: 'ECONNREFUSED' });
    if (kind === 'foreign') throw Object.assign(new Error(canary), { statusCode: 404, expose: true });
    throw new Error(canary);
  }
}

const lines: string[] = [];
const logger = createLogger({ app: 'demo', destination: { write: (line) => void lines.push(line) } });

@Module({
  imports: [PlatformModule.register({ logger, clock: new FixedClock('2026-01-01T00:00:00Z') })],
  controllers: [ThingsController],
})
class DemoModule {}

describe('http', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await createHttpApp(DemoModule, { logger, browserClients: true });
  });
  afterAll(() => app.close());

  const post = (url: string, payload: string | Buffer, type = 'application/json') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
  const get = (url: string) => app.inject({ method: 'GET', url });

  it('hands a valid body to the handler', async () => {
    const answer = await post('/v1/items', '{"name":"a"}');
    expect([answer.statusCode, answer.json()]).toEqual([201, { name: 'a', sizes: [] }]);
  });

  it.each([
    ['{}', 'body.name is missing'],
    ['{"name":1}', 'body.name has the wrong type'],
    [`{"name":"${canary}"}`, 'body.name is too large'],
    ['{"name":"a","sizes":[1,0]}', 'body.sizes[1] is too small'],
    [`{"name":"a","${canary}":1}`, 'body has a field that is not known'],
    ['[]', 'body has the wrong type'],
  ])('answers %s with the field and our own words', async (payload, detail) => {
    const answer = await post('/v1/items', payload);
    expect(answer.json()).toEqual({ type: '/errors/request-malformed', title: 'Request is malformed', status: 400, detail });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it.each([
    ['malformed JSON', () => post('/v1/items', '{"name":'), 400, 'request-malformed'],
    ['an empty JSON body', () => post('/v1/items', ''), 400, 'request-malformed'],
    ['prototype poisoning', () => post('/v1/items', '{"__proto__":{"x":1}}'), 400, 'request-malformed'],
    ['a broken URL', () => get('/v1/items/%zz'), 400, 'request-malformed'],
    ['a wrong path parameter', () => get('/v1/items/abc'), 400, 'request-malformed'],
    ['an unknown route', () => get(`/v1/${canary}`), 404, 'not-found'],
    ['an unknown route with a body', () => post('/v1/nothing', 'x', 'text/plain'), 404, 'not-found'],
    ['a method the route does not have', () => get('/v1/items'), 405, 'method-not-allowed'],
    ['a large JSON body', () => post('/v1/items', `{"name":"${'a'.repeat(70_000)}"}`), 413, 'body-too-large'],
    ['a large SET', () => post('/v1/sets', 'a'.repeat(65_537), setMediaType), 413, 'body-too-large'],
    ['text where JSON is taken', () => post('/v1/items', 'x', 'text/plain'), 415, 'type-not-supported'],
    ['a stream where JSON is taken', () => post('/v1/items', 'x', octetStream), 415, 'type-not-supported'],
    ['JSON where a SET is taken', () => post('/v1/sets', '{}'), 415, 'type-not-supported'],
    ['a form', () => post('/v1/items', 'name=a', 'application/x-www-form-urlencoded'), 415, 'type-not-supported'],
    ['a problem of the domain', () => get('/v1/broken/problem'), 429, 'hub-limit-reached'],
    ['an error of Nest', () => get('/v1/broken/nest'), 400, 'request-malformed'],
    ['a database that is away', () => get('/v1/broken/database'), 503, 'service-unavailable'],
    ['a fault', () => get('/v1/broken/fault'), 500, 'fault'],
    ['a foreign error that brings a status', () => get('/v1/broken/foreign'), 500, 'fault'],
  ])('answers %s with a problem and no library words', async (_what, ask, status, code) => {
    const answer = await ask();
    const body = answer.json<Record<string, unknown>>();
    expect([answer.statusCode, body['status'], body['type']]).toEqual([status, status, `/errors/${code}`]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).not.toMatch(new RegExp(`${canary}|FST_|Error|stack|Cannot|Unexpected`));
    expect(
      Object.keys(body).filter((key) => !['type', 'title', 'status', 'detail', 'instance', 'retryAfterMs'].includes(key)),
    ).toEqual([]);
  });

  it('names a fault by a random instance that the log has too, without the message', async () => {
    lines.length = 0;
    const [first, second] = [await get('/v1/broken/fault'), await get('/v1/broken/fault')].map(
      (answer) => answer.json<{ instance: string }>().instance,
    );
    expect(first).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(first).not.toBe(second);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', event: 'fault', instance: first, route: '/v1/broken/:kind' });
    expect(lines.join()).not.toContain(canary);
  });

  it('logs nothing about requests it serves or refuses', async () => {
    lines.length = 0;
    await post('/v1/items', '{"name":"a"}');
    await post('/v1/items', '{}');
    await get('/nowhere');
    expect(lines).toEqual([]);
  });

  it('says when to come back and which methods there are', async () => {
    expect((await get('/v1/broken/problem')).headers['retry-after']).toBe('2');
    expect((await get('/v1/items')).headers['allow']).toBe('POST');
    expect((await post('/v1/items/7', '{}')).headers['allow']).toBe('GET, HEAD');
  });

  it('takes SETs as text and bulk bodies as a stream of any length', async () => {
    expect((await post('/v1/sets', 'a.b.c', `${setMediaType}; charset=utf-8`)).json()).toEqual({ length: 5 });
    expect((await post('/v1/bulk', Buffer.alloc(300_000), octetStream)).json()).toEqual({ length: 300_000 });
  });

  it('sends headers that keep browsers from storing, sniffing or framing any answer', async () => {
    for (const answer of [await get('/health/live'), await get('/nowhere')]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    }
  });

  it('lets browser clients of any origin in, without credentials', async () => {
    const answer = await app.inject({
      method: 'OPTIONS',
      url: '/v1/items',
      headers: {
        origin: 'https://client.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('lists what it serves', () => {
    expect(servedRoutes(app)).toContainEqual({ method: 'POST', path: '/v1/items' });
  });

  it('answers bytes that are no HTTP with a problem and closes', async () => {
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(text.split('\r\n\r\n')[1]!)).toMatchObject({ type: '/errors/request-malformed' });
  });
});
