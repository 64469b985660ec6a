import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWeb } from './web-server.js';
import type { WebServer } from './web-server.js';

describe('the server of a hub', () => {
  let server: WebServer;
  beforeAll(async () => {
    server = await serveWeb(
      async (asked) => {
        if (asked.method === 'PUT') throw new Error('broken');
        return Response.json({ method: asked.method, path: new URL(asked.url).pathname, body: await asked.text() });
      },
      { host: '127.0.0.1', port: 0 },
    );
  });
  afterAll(() => server.stop());

  /** As written: `fetch` would mend the target first. */
  const ask = (method: string, path: string, body?: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const asked = request({ hostname, port, method, path }, (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, body: said }), reject);
      });
      asked.once('error', reject).end(body);
    });

  it('hands on requests with their bodies, and goes on after what breaks or is no web request', async () => {
    expect(await ask('POST', '/a?b', 'hello')).toEqual({ status: 200, body: '{"method":"POST","path":"/a","body":"hello"}' });
    expect(await ask('PUT', '/a', 'x')).toEqual({ status: 500, body: '' });
    expect(await ask('GET', '//')).toEqual({ status: 400, body: '' });
    expect(await ask('TRACE', '/')).toEqual({ status: 400, body: '' });
    expect((await ask('GET', '/')).status).toBe(200);
  });

  it('says when its port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serveWeb(async () => new Response(), { host: '127.0.0.1', port })).rejects.toThrow(
      /EADDRINUSE\): choose another/,
    );
  });
});
