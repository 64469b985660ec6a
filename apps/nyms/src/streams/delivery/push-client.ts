/**
 * One push (RFC 8935 §2): POST of the compact JWS, and what the receiver's answer means. Follows no redirect, reads no more of an answer
 * than an error takes, and waits for nobody longer than ten seconds. Knows a token and an address, never whom it is about.
 */
import type { Socket } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { setMediaType } from '#contracts';
import { isLoopbackHttp, retryAfterMs } from '#platform';
import { callFailureOf } from '../../outside/call-failure.js';
import { AddressRefused, endpointFault, isPublicAddress, publicLookup } from '../../outside/public-addresses.js';
import type { Resolve } from '../../outside/public-addresses.js';

/** `later`: nothing is known of this SET; `refused`: the receiver will never take it. */
export type PushResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly err: string }
  | { readonly kind: 'later'; readonly failure: string; readonly retryAfterMs: number };

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
/** Of what a receiver may ask for. */
const LONGEST_ASKED_MS = 86_400_000;

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
    if (endpointFault(target.url, production) !== undefined) return later('address-refused');
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
      return later(`status-${statusCode}`, retryAfterMs(headers, this.options.now?.() ?? new Date(), LONGEST_ASKED_MS));
    } catch (error) {
      return later(late.aborted ? 'timeout' : callFailureOf(error));
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.anywhere.destroy(), this.loopback.destroy()]);
  }
}

const later = (failure: string, askedMs = 0): PushResult => ({ kind: 'later', failure, retryAfterMs: askedMs });

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
