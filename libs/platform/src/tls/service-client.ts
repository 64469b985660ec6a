/**
 * Calls another of our processes over mutual TLS: connections are kept and their sessions used again, the other side must have the
 * certificate of the process we mean, and a certificate of ours that changes serves the connections that come after it, while requests
 * under way end on the old ones. Bodies go out as they are given, without a copy.
 */
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { nameIn } from './certificate-name.js';
import type { TlsIdentity } from './identity.js';

export interface ServiceRequest {
  /** POST with a body, else GET. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the body. */
  readonly type?: string;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Until the answer is read to its end; 30 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined when it is none. */
  json(): Promise<unknown>;
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
  /** Of an answer whose body is not wanted: frees its connection. */
  drop(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
const CONNECT_MS = 5_000;

export class ServiceClient {
  private pool: Pool;
  private readonly base: URL;
  private readonly forget: () => void;

  /** @param service whose certificate the other side must have */
  constructor(
    url: string,
    readonly service: string,
    private readonly identity: TlsIdentity,
  ) {
    this.base = new URL(url.endsWith('/') ? url : `${url}/`);
    if (this.base.protocol !== 'https:') throw new RangeError(`the address of ${service} must be https`);
    this.pool = this.open();
    this.forget = identity.onChange(() => {
      const before = this.pool;
      this.pool = this.open();
      void before.close(); // when what is under way has its answer
    });
  }

  /** @param route relative to the address. Rejects when nobody answers, or somebody else. */
  async request(route: string, request: ServiceRequest = {}): Promise<ServiceAnswer> {
    const { pathname, search } = new URL(route, this.base);
    const { body, type, timeoutMs = TIMEOUT_MS, signal } = request;
    const late = AbortSignal.timeout(timeoutMs);
    const answer = await this.pool.request({
      path: pathname + search,
      method: request.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(type !== undefined && { 'content-type': type }), ...request.headers },
      body: (body ?? null) as Dispatcher.RequestOptions['body'] | null,
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return answerOf(answer);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.forget();
    await this.pool.close();
  }

  private open(): Pool {
    return new Pool(this.base.origin, {
      // the deadline is each request's own
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        ...this.identity.context,
        timeout: CONNECT_MS,
        servername: this.service,
        checkServerIdentity: (_host, { subjectaltname }) =>
          nameIn(subjectaltname) === this.service ? undefined : new Error(`the certificate is not that of ${this.service}`),
      },
    });
  }
}

const answerOf = ({ statusCode, headers, body }: Dispatcher.ResponseData): ServiceAnswer => ({
  status: statusCode,
  ok: statusCode >= 200 && statusCode < 300,
  headers,
  json: () => body.json().catch(() => undefined),
  bytes: async () => new Uint8Array(await body.arrayBuffer()),
  text: () => body.text(),
  drop: () => body.dump(),
});
