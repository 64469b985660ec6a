/**
 * Calls programs of others, whose addresses a policy or another party has named: follows no redirect, reaches no address that is not public
 * (but where a developer says so), and reads an answer only up to its bound, in one deadline. Nothing of ours goes along but what is given.
 */
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { AddressRefused, isPublicAddress, publicLookup } from './public-addresses.js';

export interface OutsideRequest {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Until the answer is read to its end. */
  readonly timeoutMs: number;
  /** Of the answer. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface OutsideAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The answer is larger than its bound. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';

  constructor() {
    super('the answer is too large');
  }
}

const CONNECT_MS = 5_000;

export interface OutsideOptions {
  /** Loopback and private networks too, and plain HTTP: for development only. */
  readonly anyAddress: boolean;
  /** For tests: how names are resolved, and whose certificates are believed. */
  readonly lookup?: LookupFunction;
  readonly ca?: string;
}

export class OutsideClient {
  private readonly agent: Agent;

  constructor(private readonly options: OutsideOptions) {
    const { anyAddress, lookup = anyAddress ? undefined : publicLookup(), ca } = options;
    this.agent = new Agent({
      // the deadline is each request's own
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: CONNECT_MS, ...(lookup && { lookup }), ...(ca !== undefined && { ca }) },
    });
  }

  /** Any status is an answer, a redirect too. Rejects when there is none, AddressRefused and AnswerTooLarge among others. */
  async request(url: URL, request: OutsideRequest): Promise<OutsideAnswer> {
    this.requireAllowed(url);
    const { method, headers = {}, body, timeoutMs, mostBytes, signal } = request;
    const late = AbortSignal.timeout(timeoutMs);
    const answer = await this.agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      body: body ?? null,
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of answer.body as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > mostBytes) throw new AnswerTooLarge(); // leaving the loop ends the connection
      parts.push(part);
    }
    return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString('utf8') };
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  /** A host that is an address itself is never looked up. */
  private requireAllowed({ protocol, hostname }: URL): void {
    if (this.options.anyAddress) return;
    const host = hostname.replace(/^\[|\]$/g, '');
    if (protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host))) throw new AddressRefused();
  }
}
