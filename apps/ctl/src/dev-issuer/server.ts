/** The development issuer over http on the loopback interface: `GET /.well-known/jwks.json`, and `POST /token?subject=NAME` for anybody. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DevIssuer } from './issuer.js';

export interface IssuerServer {
  stop(): Promise<void>;
}

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

async function answer(issuer: DevIssuer, { method, url }: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const { pathname, searchParams } = new URL(url ?? '/', issuer.issuer);
  if (method === 'GET' && pathname === '/.well-known/jwks.json') return { status: 200, body: await issuer.jwks() };
  if (method !== 'POST' || pathname !== '/token') return { status: 404, body: { error: 'not_found' } };
  const subject = searchParams.get('subject');
  if (!subject || subject.length > 255) return { status: 400, body: { error: 'invalid_request' } };
  return { status: 200, body: { access_token: await issuer.mint(subject), token_type: 'Bearer', expires_in: 3_600 } };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
