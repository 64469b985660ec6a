/** One request to a process of the service. A refusal becomes one line with the mend of the problem table. */
import { problems } from '#contracts';
import type { ProblemCode } from '#contracts';
import type { ServiceClient } from '#platform';
import type { z } from 'zod';
import { StackError } from '../stack/stack-error.js';

export interface ServiceCall<T> {
  /** For messages: `nyms`, `key holder`. */
  readonly service: string;
  readonly url: string;
  /** For the processes that know callers by their certificates. */
  readonly via?: ServiceClient;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly answer: z.ZodType<T>;
}

const TIMEOUT_MS = 30_000;

/** POST with a body, GET without, POST without one by `body: null`. Throws StackError. */
export async function callService<T>(call: ServiceCall<T>): Promise<T> {
  const { service, url } = call;
  let given: Given;
  try {
    given = await answered(call);
  } catch (error) {
    throw new StackError(`${service} does not answer at ${new URL(url).origin}`, mendOf(error));
  }
  if (!given.ok) throw refusalOf(service, given.status, given.text);
  const parsed = call.answer.safeParse(json(given.text));
  if (parsed.success) return parsed.data;
  throw new StackError(`${service} gave an answer that this ctl does not understand`, 'use the ctl of the same version');
}

interface Given {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

async function answered({ url, via, body, token }: ServiceCall<unknown>): Promise<Given> {
  const method = body === undefined ? 'GET' : 'POST';
  const sent = body == null ? undefined : JSON.stringify(body);
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(sent !== undefined && { 'content-type': 'application/json' }),
  };
  const { pathname, search } = new URL(url);
  const response = via
    ? await via.request(pathname + search, { method, headers, body: sent, timeoutMs: TIMEOUT_MS })
    : await fetch(url, { method, headers, body: sent ?? null, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { ok: response.ok, status: response.status, text: await response.text() };
}

/** A connection that TLS has ended is not one that nobody answers. */
function mendOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const isTls = /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO)/.test(code ?? '') || /certificate/.test(message);
  return isTls
    ? 'its certificate and the one of this ctl do not fit: check CTL_TLS_CA_FILE, renew with `ctl keys certificates`'
    : 'is it running? `npm run ctl -- doctor` shows what is';
}

/** Pure: words for an RFC 9457 body, or for whatever else came. */
export function refusalOf(service: string, status: number, text: string): StackError {
  const { type, title, detail } = (json(text) ?? {}) as { type?: string; title?: string; detail?: string };
  const code = type?.split('/').at(-1) as ProblemCode | undefined;
  const known = code !== undefined && code in problems ? problems[code] : undefined;
  return new StackError(
    `${service} refused (${status}): ${[title ?? known?.title ?? 'no reason given', detail].filter(Boolean).join(', ')}`,
    known?.mend ?? 'see its log',
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
