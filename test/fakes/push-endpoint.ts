/** A hub's endpoint that SETs are pushed to (RFC 8935), on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const PUSH = 'urn:ietf:rfc:8935' as const;

export interface Pushed {
  readonly token: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a hub's endpoint does with a push; 202 and nothing else, until the test says otherwise. */
export class PushEndpoint {
  readonly pushed: Pushed[] = [];
  answer: (response: ServerResponse, push: Pushed) => void = (response) => void response.writeHead(202).end();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const push = { token: Buffer.concat(parts).toString('utf8'), headers: request.headers };
        this.pushed.push(push);
        this.answer(response, push);
      });
    });
  }

  static async start(): Promise<PushEndpoint> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PushEndpoint(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  get delivery() {
    return { method: PUSH, endpoint_url: this.url, authorization_header: 'Bearer of-the-hub' };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
