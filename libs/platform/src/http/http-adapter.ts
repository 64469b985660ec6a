/**
 * Fastify as every process serves it: no request log, no trust in proxy headers, small bodies, JSON unless declared, problem
 * answers for what never reaches a route, and headers that make an API useless inside a browser page.
 */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import type { TlsIdentity } from '../tls/identity.js';
import { tlsServer } from '../tls/tls-server.js';
import { installContentTypes } from './content-types.js';
import { problemOf, problemResponse } from './problem-response.js';
import { RouteTable } from './route-table.js';

export interface HttpAdapterOptions {
  /** Most bytes of a JSON body; 64 KiB by default. */
  readonly jsonLimit?: number;
  /** Longest time to receive a whole request; 30 s by default, 0 for processes with bulk uploads. */
  readonly requestTimeoutMs?: number;
  /** For processes that only our own processes call: TLS with this identity, and callers known by their certificates. */
  readonly tls?: TlsIdentity;
}

const KIB = 1_024;
/** A connection stays open for so long without a request. */
const KEEP_ALIVE_MS = 65_000;
const parsing = { headersTimeout: 10_000, maxHeaderSize: 16 * KIB };
/** A pseudonym URI, percent-encoded, is the longest path parameter. */
const LONGEST_PARAMETER = 1_500;

/** `no-store` because answers are personal; the rest keeps a mistaken browser from running or framing them. */
const everyAnswer = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export class HttpAdapter extends FastifyAdapter {
  readonly routes = new RouteTable();

  constructor(options: HttpAdapterOptions = {}) {
    const { tls, requestTimeoutMs: requestTimeout = 30_000 } = options;
    super({
      logger: false,
      trustProxy: false,
      bodyLimit: options.jsonLimit ?? 64 * KIB,
      routerOptions: { maxParamLength: LONGEST_PARAMETER },
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout,
      http: parsing,
      // its own, because each server must learn of a new certificate, and Fastify makes two for `localhost`
      ...(tls && {
        https: {}, // how Fastify knows what its address begins with
        serverFactory: (listener: RequestListener) =>
          tlsServer(tls, { ...parsing, requestTimeout, keepAliveTimeout: KEEP_ALIVE_MS }, listener),
      }),
      return503OnClosing: false, // while it drains it answers what still arrives, and closes the connection
      frameworkErrors(error: Error, _request: FastifyRequest, reply: FastifyReply) {
        const { status, headers, body } = problemResponse(problemOf(error));
        void reply
          .code(status)
          .headers({ ...everyAnswer, ...headers })
          .send(Buffer.from(JSON.stringify(body)));
      },
      clientErrorHandler(_error: Error, socket: Socket) {
        if (socket.writable) socket.end(rawProblem);
      },
    });
    const fastify = this.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', ({ method, url }) => this.routes.add(method, url));
    fastify.addHook('onRequest', (_request, reply, done) => {
      reply.headers(everyAnswer);
      done();
    });
    installContentTypes(fastify);
    closeAfterAnswerWhileDraining(fastify);
  }
}

/** A connection that is busy when the server closes would else stay open, idle, for the whole keep-alive time. */
function closeAfterAnswerWhileDraining(fastify: FastifyInstance): void {
  let draining = false;
  fastify.addHook('preClose', (done) => {
    draining = true;
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    if (draining) request.raw.socket.destroySoon();
    done();
  });
}

/** For bytes that are no HTTP request: there is no reply object to ask. */
const rawProblem = (() => {
  const { status, headers, body } = problemResponse(new Problem('request-malformed'));
  const text = JSON.stringify(body);
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(text)), connection: 'close' });
  return [`HTTP/1.1 ${status} Bad Request`, ...lines.map(([name, value]) => `${name}: ${value}`), '', text].join('\r\n');
})();
