import type { RequestListener, Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCertificates } from '../../../../test/fakes/certificates.js';
import { KeyholderClient } from './keyholder-client.js';

let certificates: TestCertificates;
let server: Server | undefined;
beforeAll(async () => void (certificates = await TestCertificates.open()));
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
afterAll(() => certificates.close());

async function client(listener: RequestListener): Promise<KeyholderClient> {
  const served = await certificates.serve('keyholder', listener);
  ({ server } = served);
  return new KeyholderClient(certificates.client('correlator', 'keyholder', served.url));
}
async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
  for (const byte of [1, 2, 3]) yield new Uint8Array(3).fill(byte);
}

describe('key holder as the correlator asks it', () => {
  it('gets the tree as a stream', async () => {
    const received: Buffer[] = [];
    let type: string | undefined;
    const keyholder = await client((request, response) => {
      type = request.headers['content-type'];
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () => response.end(JSON.stringify({ outcome: 'waiting', epoch: 3 })));
    });
    expect(await keyholder.decide(body())).toBe('waiting');
    expect(Buffer.concat(received)).toEqual(Buffer.from([1, 1, 1, 2, 2, 2, 3, 3, 3]));
    expect(type).toBe('application/octet-stream');
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
