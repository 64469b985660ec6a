import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '#platform';
import { KeyholderClient } from './keyholder-client.js';

let server: Server | undefined;
afterEach(() => void server?.close());

async function client(listener: RequestListener): Promise<KeyholderClient> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new KeyholderClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, new Secret('token-of-the-correlator'));
}
async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
  for (const byte of [1, 2, 3]) yield new Uint8Array(3).fill(byte);
}

describe('key holder as the correlator asks it', () => {
  it('gets the tree as a stream, with our token', async () => {
    const received: Buffer[] = [];
    let authorization: string | undefined;
    const keyholder = await client((request, response) => {
      ({ authorization } = request.headers);
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () => response.end(JSON.stringify({ outcome: 'waiting', epoch: 3 })));
    });
    expect(await keyholder.decide(body())).toBe('waiting');
    expect(Buffer.concat(received)).toEqual(Buffer.from([1, 1, 1, 2, 2, 2, 3, 3, 3]));
    expect(authorization).toBe('Bearer token-of-the-correlator');
  });

  it('tells a refusal, a freeze and an outage apart', async () => {
    let status = 403;
    const keyholder = await client((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(status).end('{}'));
    });
    const answers: Record<number, string> = {};
    for (status of [403, 409, 500, 503, 200]) answers[status] = await keyholder.decide(body());
    expect(answers).toEqual({ 403: 'refused', 409: 'frozen', 500: 'unreachable', 503: 'unreachable', 200: 'unreachable' });
    server?.closeAllConnections();
    server?.close();
    expect(await keyholder.decide(body())).toBe('unreachable');
    expect(await keyholder.parameters()).toBeUndefined();
  });
});
