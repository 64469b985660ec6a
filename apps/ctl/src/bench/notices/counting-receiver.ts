/** A hub's push endpoint that answers 202 and counts: what a receiver costs is not measured. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class CountingReceiver {
  private left = 0;
  private done: () => void = () => undefined;
  private waiting: Promise<void> = Promise.resolve();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(202).end();
        this.left -= 1;
        if (this.left === 0) this.done();
      });
    });
  }

  static async start(): Promise<CountingReceiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CountingReceiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  expect(sets: number): void {
    this.left = sets;
    this.waiting = new Promise((resolve) => (this.done = resolve));
  }

  /** Rejects when the run is given up. */
  async all(signal: AbortSignal): Promise<void> {
    const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason as Error));
    await Promise.race([this.waiting, aborted]);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
