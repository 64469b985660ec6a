import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpConnection, postRequest, wholeAnswer } from './http-connection.js';

const answer = (head: string, body: string) => Buffer.from(`HTTP/1.1 ${head}\r\n\r\n${body}`);

describe('an answer', () => {
  it('is whole when as much has come as its head says', () => {
    const all = answer('201 Created\r\nContent-Length: 5', 'hello');
    expect(wholeAnswer(all)).toBe(201);
    for (let end = 0; end < all.length; end++) expect(wholeAnswer(all.subarray(0, end))).toBeUndefined();
  });

  it('may come in chunks, or have no body', () => {
    const chunked = answer('200 OK\r\nTransfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n');
    expect(wholeAnswer(chunked)).toBe(200);
    expect(wholeAnswer(chunked.subarray(0, -1))).toBeUndefined();
    expect(wholeAnswer(answer('200 OK\r\ntransfer-encoding: chunked', ''))).toBeUndefined();
    expect(wholeAnswer(answer('202 Accepted\r\nContent-Length: 0', ''))).toBe(202);
    expect(wholeAnswer(answer('204 No Content\r\nDate: now', ''))).toBe(204);
  });
});

describe('a connection', () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => response.writeHead(body === 'good' ? 202 : 400).end('x'.repeat(body.length)));
  });
  let url: URL;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/signals`);
  });
  afterAll(() => void server.close());

  it('sends one request after the other and gives the status of each', async () => {
    const connection = await HttpConnection.open(url);
    const statuses: number[] = [];
    for (const body of ['good', 'bad', '', 'good']) statuses.push(await connection.send(postRequest(url, 'text/plain', body)));
    connection.close();
    expect(statuses).toEqual([202, 400, 400, 202]);
  });

  it('rejects when the server goes away', async () => {
    const connection = await HttpConnection.open(url);
    server.closeAllConnections();
    await expect(connection.send(postRequest(url, 'text/plain', 'good'))).rejects.toThrow(/closed|ECONNRESET|EPIPE/);
  });
});
