/**
 * The development issuer over http on the loopback interface: `GET /.well-known/jwks.json`, `POST /token?subject=NAME` for anybody, and
 * `POST /token` with a form for hubs (client credentials).
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GrantRefused } from './client-credentials.js';
import type { DevIssuer } from './issuer.js';

export interface IssuerServer {
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const MOST_BYTES = 16_384;

/** Rejects with the listen error when the port is taken. */
export async function serveIssuer(issuer: DevIssuer, port: number): Promise<IssuerServer> {
  const server = createServer((request, response) => {
    answer(issuer, request).then(
      ({ status, body }) => send(response, status, body),
      () => send(response, 500, { error: 'server_error' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(issuer: DevIssuer, request: IncomingMessage): Promise<Answer> {
  const { method, url, headers } = request;
  const { pathname, searchParams } = new URL(url ?? '/', issuer.issuer);
  if (method === 'GET' && pathname === '/.well-known/jwks.json') return { status: 200, body: await issuer.jwks() };
  if (method !== 'POST' || pathname !== '/token') return { status: 404, body: { error: 'not_found' } };
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return grant(issuer, await formOf(request));
  const subject = searchParams.get('subject');
  if (!subject || subject.length > 255) return { status: 400, body: { error: 'invalid_request' } };
  return { status: 200, body: tokenBody(await issuer.mint(subject)) };
}

async function grant(issuer: DevIssuer, form: URLSearchParams): Promise<Answer> {
  try {
    const { token, scope } = await issuer.grant(form);
    return { status: 200, body: { ...tokenBody(token), scope } };
  } catch (error) {
    if (!(error instanceof GrantRefused)) throw error;
    return { status: error.error === 'invalid_client' ? 401 : 400, body: { error: error.error } };
  }
}

const tokenBody = (token: string) => ({ access_token: token, token_type: 'Bearer', expires_in: 3_600 });

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) return new URLSearchParams();
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
