/** A hub's SSF transmitter that is polled (RFC 8936) on loopback, honest or not; its keys, and its verification endpoint. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

export interface NotedPoll {
  readonly maxEvents?: number;
  readonly returnImmediately?: boolean;
  readonly ack?: readonly string[];
  readonly setErrs?: Readonly<Record<string, { err: string; description: string }>>;
}

export class HubTransmitter {
  readonly polls: { readonly body: NotedPoll; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly asked: { readonly body: { stream_id: string; state: string }; readonly authorization: string | undefined }[] = [];
  readonly acked: string[] = [];
  readonly refused = new Map<string, { err: string; description: string }>();
  /** Not acknowledged and not refused yet. */
  readonly waiting = new Map<string, unknown>();
  /** Answers a poll in its own way; false: as usual. */
  misbehave: ((response: ServerResponse, body: NotedPoll) => boolean) | undefined;
  /** What it does when it is asked for a verification event, besides noting it. */
  onAsked: ((asked: { stream_id: string; state: string }) => void) | undefined;
  /** Acknowledgements that never arrive. */
  losesAcks = false;
  /** Whatever was asked for, everything comes at once. */
  ignoresMost = false;
  /** Polls under way together, at most. */
  mostAtOnce = 0;
  /** What is at `jwksUrl`; undefined: nothing can be had. */
  jwks: readonly object[] | undefined;
  private readonly held = new Set<{ response: ServerResponse; body: NotedPoll }>();
  private underWay = 0;
  private readonly server: Server & { closeAllConnections(): void };

  /** @param host by https, which that name must lead to */
  private constructor(private readonly host?: string) {
    const listener: RequestListener = (request, response) => void this.serve(request, response);
    this.server = host === undefined ? createServer(listener) : createTlsServer(listener);
  }

  static async start(host?: string): Promise<HubTransmitter> {
    const transmitter = new HubTransmitter(host);
    await new Promise<void>((resolve) => transmitter.server.listen(0, '127.0.0.1', resolve));
    return transmitter;
  }

  get origin(): string {
    const { port } = this.server.address() as AddressInfo;
    return this.host === undefined ? `http://127.0.0.1:${port}` : `https://${this.host}:${port}`;
  }

  /** From the next connection on. */
  show({ key, certificate: cert }: { readonly key: string; readonly certificate: string }): void {
    (this.server as TlsServer).setSecureContext({ key, cert });
  }

  get pollUrl(): string {
    return `${this.origin}/poll`;
  }

  get jwksUrl(): string {
    return `${this.origin}/jwks.json`;
  }

  get verificationUrl(): string {
    return `${this.origin}/verify`;
  }

  queue(jti: string, token: unknown): void {
    this.waiting.set(jti, token);
    for (const one of [...this.held]) {
      this.held.delete(one);
      this.deliver(one.response, one.body);
    }
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString() || '{}') as never;
    if (request.url === '/jwks.json') {
      if (!this.jwks) return void response.writeHead(503).end();
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: this.jwks }));
    }
    if (request.url === '/verify') {
      this.asked.push({ body, authorization: request.headers.authorization });
      this.onAsked?.(body);
      return void response.writeHead(204).end();
    }
    this.poll(request, response, body);
  }

  private poll(request: IncomingMessage, response: ServerResponse, body: NotedPoll): void {
    this.polls.push({ body, headers: request.headers });
    this.underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    response.once('close', () => (this.underWay -= 1));
    if (!this.losesAcks) this.note(body);
    if (this.misbehave?.(response, body)) return;
    if (this.waiting.size === 0 && body.returnImmediately !== true) {
      const one = { response, body };
      this.held.add(one);
      response.once('close', () => this.held.delete(one));
      return;
    }
    this.deliver(response, body);
  }

  private note({ ack = [], setErrs = {} }: NotedPoll): void {
    for (const jti of ack) if (this.waiting.delete(jti)) this.acked.push(jti);
    for (const [jti, why] of Object.entries(setErrs)) if (this.waiting.delete(jti)) this.refused.set(jti, why);
  }

  private deliver(response: ServerResponse, { maxEvents = 100 }: NotedPoll): void {
    const some = [...this.waiting].slice(0, this.ignoresMost ? this.waiting.size : maxEvents);
    const body = { sets: Object.fromEntries(some), ...(some.length < this.waiting.size && { moreAvailable: true }) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
