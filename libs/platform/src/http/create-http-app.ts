/** A Nest application on our Fastify, ready for `inject` and for `serve`. Processes without public routes use it too, for health. */
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProblemCode } from '#contracts';
import type { AppLogger } from '../logging/logger.js';
import { NestLogger } from '../logging/nest-logger.js';
import { HttpAdapter } from './http-adapter.js';
import type { HttpAdapterOptions } from './http-adapter.js';
import { ProblemFilter } from './problem.filter.js';
import type { ServedRoute } from './route-table.js';

export interface HttpAppOptions extends HttpAdapterOptions {
  readonly logger: AppLogger;
  /** Answers to scripts of any origin, for clients that run in a browser. Never with cookies: there are none. */
  readonly browserClients?: boolean;
  /** What a request gets that no route takes; `not-found` by default. */
  readonly unknownRoute?: ProblemCode;
}

/** Initialised, not listening. */
export async function createHttpApp(module: Type | DynamicModule, options: HttpAppOptions): Promise<NestFastifyApplication> {
  const adapter = new HttpAdapter(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(options.logger),
    bodyParser: false, // Fastify's own JSON parser serves; form bodies are not taken
    abortOnError: false,
  });
  return configureHttpApp(app, adapter, options);
}

/** For tests that override providers: `configureHttpApp(module.createNestApplication(adapter, { bodyParser: false }), adapter, …)`. */
export async function configureHttpApp(
  app: NestFastifyApplication,
  adapter: HttpAdapter,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  app.useGlobalFilters(new ProblemFilter(options.logger, adapter.routes, options.unknownRoute));
  if (options.browserClients) {
    app.enableCors({
      origin: '*',
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type'],
      exposedHeaders: ['retry-after'],
      maxAge: 600,
    });
  }
  try {
    await app.init();
    await adapter.getInstance().ready();
    return app;
  } catch (error) {
    await app.close(); // what was opened until then must not keep the process alive
    throw error;
  }
}

/** What is really served, for a test that compares it with the documented routes. */
export const servedRoutes = (app: NestFastifyApplication): readonly ServedRoute[] =>
  (app.getHttpAdapter() as unknown as HttpAdapter).routes.routes;
