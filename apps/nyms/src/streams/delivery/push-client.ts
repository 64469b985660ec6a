/**
 * One push (RFC 8935 §2): POST of the compact JWS, and what the receiver's answer means. Follows no redirect, reads no more of an answer
 * than an error takes, and waits for nobody longer than ten seconds. Knows a token and an address, never whom it is about.
 */
import type { Socket } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { setMediaType } from '#contracts';
import { isLoopbackHttp } from '#platform';
import { AddressRefused, endpointFault, isPublicAddress, publicLookup } from './public-addresses.js';
import type { Resolve } from './public-addresses.js';

/** `later`: nothing is known of this SET; `refused`: the receiver will never take it. */
export type PushResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly err: string }
  | { readonly kind: 'later'; readonly failure: string; readonly retryAfterMs?: number };

export interface PushTarget {
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface PushOptions {
  readonly production: boolean;
  /** For tests: how names are resolved, where to, and whose certificates are believed. */
  readonly resolve?: Resolve;
  readonly isAllowed?: (address: string) => boolean;
  readonly ca?: string;
  readonly timeoutMs?: number;
  readonly now?: () => Date;
}

const TIMEOUT_MS = 10_000;
const CONNECT_MS = 5_000;
const MOST_BYTES = 4_096;
const CONNECTIONS_PER_ENDPOINT = 16;

export class PushClient {
  private readonly anywhere: Agent;
  private readonly loopback = new Agent({ connections: CONNECTIONS_PER_ENDPOINT });

  constructor(private readonly options: PushOptions) {
    const { isAllowed = isPublicAddress } = options;
    const connect = buildConnector({
      timeout: CONNECT_MS,
      lookup: publicLookup(options.resolve, isAllowed),
      ...(options.ca !== undefined && { ca: options.ca }),
    });
    this.anywhere = new Agent({
      connections: CONNECTIONS_PER_ENDPOINT,
      connect: (target, done) =>
        connect(target, (error, socket) => {
          if (error) return done(error, null);
          if (isAllowed((socket as Socket).remoteAddress ?? '')) return done(null, socket!);
          socket!.destroy(); // whatever resolved it: this is whom we talk to
          done(new AddressRefused(), null);
        }),
    });
  }

  /** Never rejects. @param signal ends it: `later` */
  async push(target: PushTarget, token: string, signal?: AbortSignal): Promise<PushResult> {
    const { production, timeoutMs = TIMEOUT_MS } = this.options;
    if (endpointFault(target.url, production) !== undefined) return { kind: 'later', failure: 'address-refused' };
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const { statusCode, headers, body } = await request(target.url, {
        method: 'POST',
        headers: {
          'content-type': setMediaType,
          accept: 'application/json',
          ...(target.authorization !== undefined && { authorization: target.authorization }),
        },
        body: token,
        dispatcher: isLoopbackHttp(new URL(target.url)) ? this.loopback : this.anywhere,
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      const text = await bounded(body);
      if (statusCode >= 200 && statusCode < 300) return { kind: 'delivered' };
      const err = statusCode === 400 ? errorOf(text) : undefined;
      if (err !== undefined) return { kind: 'refused', err };
      const retryAfterMs = waitOf(headers['retry-after'], this.options.now?.() ?? new Date());
      return { kind: 'later', failure: `status-${statusCode}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    } catch (error) {
      return { kind: 'later', failure: late.aborted ? 'timeout' : failureOf(error) };
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.anywhere.destroy(), this.loopback.destroy()]);
  }
}

/** Leaving the loop cancels the rest. */
async function bounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > MOST_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** RFC 8935 §2.3: without an `err` of its own it is no answer about this SET. */
function errorOf(text: string): string | undefined {
  try {
    const { err } = JSON.parse(text) as { err?: unknown };
    return typeof err === 'string' && /^[a-z0-9_-]{1,64}$/i.test(err) ? err : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. */
export function waitOf(header: string | string[] | undefined, now: Date): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

/** A word for the log: never a library's own, which may hold an address. */
function failureOf(error: unknown): string {
  if (error instanceof AddressRefused) return 'address-refused';
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'AbortError') return 'stopped';
  if (typeof code !== 'string') return 'failed';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)) return 'certificate';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  return /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|UND_ERR_SOCKET)/.test(code) ? 'unreachable' : 'failed';
}
