/** One request to the provider's stream endpoints, with the hub's access token, asked again while the trouble may pass by itself. */
import { isTemporary, retryAfterMs, waitMs } from '../backoff.js';
import type { RetryRules } from '../backoff.js';
import { StreamRefused, StreamUnavailable } from '../errors.js';
import type { AccessTokens } from './access-tokens.js';

export interface Asking {
  readonly tokens: AccessTokens;
  readonly retry: RetryRules;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** in [0, 1) */
  readonly random: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The JSON of a 2xx answer; undefined for an empty one. @throws StreamRefused, StreamUnavailable, TokenUnavailable, or the signal's reason */
export async function ask(question: Question, asking: Asking): Promise<unknown> {
  let renewed = false;
  for (let attempt = 1; ; attempt++) {
    const token = await asking.tokens.token();
    const response = await send(question, token, asking);
    if (response instanceof Response && response.ok) return bodyOf(response);
    const status = response instanceof Response ? response.status : undefined;
    if (status === 401 && !renewed) {
      renewed = true; // the token may have ended on the way, or the server's keys have changed
      asking.tokens.forget(token);
      await (response as Response).arrayBuffer();
      continue;
    }
    if (response instanceof Response && !isTemporary(status)) throw await refusal(response);
    if (attempt >= asking.retry.attempts)
      throw new StreamUnavailable(status === undefined ? 'no answer' : `status ${status}`, { cause: response });
    const header = response instanceof Response ? response.headers.get('retry-after') : null;
    if (response instanceof Response) await response.arrayBuffer();
    const atLeast = retryAfterMs(header, asking.now(), asking.retry.longestWaitMs);
    await asking.wait(waitMs(asking.retry, attempt, atLeast, asking.random()), question.signal);
  }
}

/** The answer, or why there is none. */
async function send(question: Question, token: string, { fetch, timeoutMs }: Asking): Promise<unknown> {
  const { method, url, body, headers, signal } = question;
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    signal?.throwIfAborted();
    return error;
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new StreamUnavailable('the answer is no JSON', { cause: error });
  }
}

async function refusal(response: Response): Promise<StreamRefused> {
  const body = (await response.json().catch(() => undefined)) as { detail?: unknown; title?: unknown } | undefined;
  const words = [body?.detail, body?.title].find((text) => typeof text === 'string');
  return new StreamRefused(response.status, typeof words === 'string' ? words.slice(0, 300) : 'no reason given');
}
