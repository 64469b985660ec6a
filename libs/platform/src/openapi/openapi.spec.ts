import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { bytesOf, problemCodes } from '#contracts';
import type { RouteSpec } from '#contracts';
import { FixedClock } from '../clock.js';
import { createHttpApp, servedRoutes } from '../http/create-http-app.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { openApiDocument } from './document.js';
import { OpenApiModule } from './openapi.module.js';
import { routeDifferences } from './route-differences.js';

const info = { title: 'demo', version: '1', description: 'a demo' };
const routes: readonly RouteSpec[] = [
  {
    method: 'post',
    path: '/v1/items/:id/parts',
    summary: 'Add a part',
    caller: 'anybody',
    request: z.strictObject({ key: bytesOf(32), note: z.string().max(9).optional() }),
    response: z.strictObject({ ok: z.boolean() }),
    status: 201,
    problems: ['request-malformed', 'hub-limit-reached', 'request-limit-reached'],
  },
  {
    method: 'post',
    path: '/v1/sets',
    summary: 'Push a SET',
    caller: 'hub',
    requestType: 'application/secevent+jwt',
    status: 202,
    problems: [],
  },
];
const logger = createLogger({ app: 'demo', level: 'silent' });

@Controller('v1')
class DemoController {
  @Post('items/:id/parts')
  add() {}
  @Get('hidden')
  hidden() {}
}
@Module({
  imports: [
    PlatformModule.register({ logger, clock: new FixedClock('2026-01-01T00:00:00Z') }),
    OpenApiModule.register(info, routes),
  ],
  controllers: [DemoController],
})
class DemoModule {}

describe('openApiDocument', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument(info, routes))) as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  const add = document.paths['/v1/items/{id}/parts']?.['post'];

  it('shows bodies as they are on the wire', () => {
    expect(add?.['requestBody']).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { key: { type: 'string', maxLength: 43 }, note: { type: 'string', maxLength: 9 } },
            required: ['key'],
            additionalProperties: false,
          },
        },
      },
    });
    expect(document.paths['/v1/sets']?.['post']?.['requestBody']).toEqual({
      required: true,
      content: { 'application/secevent+jwt': { schema: { type: 'string' } } },
    });
  });

  it('names parameters, answers and problems by status', () => {
    expect(add).toMatchObject({
      operationId: 'postV1ItemsIdParts',
      parameters: [{ name: 'id', in: 'path', required: true }],
      responses: {
        201: { content: { 'application/json': {} } },
        400: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
        429: { description: 'Hub limit reached (/errors/hub-limit-reached); Too many requests (/errors/request-limit-reached)' },
      },
    });
  });

  it('refuses a route that is documented twice', () => {
    expect(() => openApiDocument(info, [...routes, routes[0]!])).toThrow(/documented twice/);
  });
});

describe('OpenApiModule', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await createHttpApp(DemoModule, { logger });
  });
  afterAll(() => app.close());

  it('serves the document', async () => {
    const answer = await app.inject({ url: '/openapi.json' });
    expect(answer.json()).toMatchObject({ openapi: '3.1.1', info });
  });

  it('has a page for every problem, reachable from an index, that needs no script', async () => {
    const index = await app.inject({ url: '/errors' });
    for (const code of problemCodes) {
      expect(index.body).toContain(`href="/errors/${code}"`);
      const page = await app.inject({ url: `/errors/${code}` });
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.body).toMatch(/<html lang="en">[\s\S]*<title>[^<]+<\/title>[\s\S]*<main>[\s\S]*<h1>/);
      expect(page.body).not.toMatch(/<script|undefined|`/);
    }
  });

  it('lets exactly its own style through the security policy', async () => {
    const policy = String((await app.inject({ url: '/errors' })).headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='/);
  });

  it('answers an unknown error page with a problem', async () => {
    const answer = await app.inject({ url: '/errors/<script>' });
    expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([404, '/errors/not-found']);
  });

  it('finds routes that are served but not documented, and the other way round', () => {
    expect(routeDifferences(servedRoutes(app), routes)).toEqual([
      'served, not documented: GET /v1/hidden',
      'documented, not served: POST /v1/sets',
    ]);
    expect(routeDifferences(servedRoutes(app), routes.slice(0, 1), ['/v1/hidden'])).toEqual([]);
  });
});
