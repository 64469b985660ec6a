/**
 * HTTP to one side of the service. A client talks to registrar and nyms over connections of their own (protocol.md §3), so each side
 * has its own base address and its own `fetch`; no cookie, referrer or cache can carry anything from one to the other.
 */
import type { z } from 'zod';
import { problemCodes } from '#contracts';
import type { ProblemCode } from '#contracts';
import { ClientProblem } from '../client-problem.js';

export type Fetch = typeof globalThis.fetch;

const TIMEOUT_MS = 30_000;
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An https address (http on loopback) without credentials, query or fragment. Throws RangeError. */
export function sideUrl(address: string): URL {
  const url = new URL(address);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
  if (!secure || url.username || url.password || url.search || url.hash) throw new RangeError('not an https base address');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

export class Side {
  constructor(
    private readonly base: URL,
    private readonly fetch: Fetch,
  ) {}

  /** `path` without a leading slash. Throws ClientProblem. */
  async call<S extends z.ZodType>(
    path: string,
    answer: S,
    request: { readonly body?: unknown; readonly bearer?: string } = {},
  ): Promise<z.output<S>> {
    const response = await this.send(path, request);
    const text = await response.text().catch(() => {
      throw new ClientProblem('network');
    });
    const value = parseJson(text);
    if (!response.ok) throw problemFrom(response, value);
    const parsed = answer.safeParse(value);
    if (!parsed.success) throw new ClientProblem('answer-malformed');
    return parsed.data;
  }

  private async send(path: string, { body, bearer }: { readonly body?: unknown; readonly bearer?: string }): Promise<Response> {
    const { fetch } = this;
    try {
      return await fetch(new URL(path, this.base), {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      throw new ClientProblem('network');
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 9457 answer → problem. An answer without one of our codes is told by its status alone. */
function problemFrom(response: Response, value: unknown): ClientProblem {
  const { type, sealedReason } = (value ?? {}) as { type?: unknown; sealedReason?: unknown };
  const named = typeof type === 'string' ? type.split('/').at(-1) : undefined;
  const code = problemCodes.find((known) => known === named) ?? codeOfStatus(response.status);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ClientProblem(code, {
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
    sealedReason: typeof sealedReason === 'string' ? sealedReason : undefined,
  });
}

function codeOfStatus(status: number): ProblemCode | 'answer-malformed' {
  if (status === 401) return 'not-authenticated';
  if (status === 429) return 'request-limit-reached';
  return status >= 500 ? 'service-unavailable' : 'answer-malformed';
}
