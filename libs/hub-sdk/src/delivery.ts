/** Pushes one SET (RFC 8935 §2) until it is taken, rejected for good, or out of attempts. The bytes sent are the same each time. */
import { setErrors, setMediaType } from '#contracts';
import type { SetError } from '#contracts';
import { isTemporary, retryAfterMs, waitMs } from './backoff.js';
import type { RetryRules } from './backoff.js';
import { DeliveryFailed, SetRejected } from './errors.js';
import type { SignedSet } from './signed-set.js';

export interface Delivery {
  readonly endpoint: URL;
  readonly retry: RetryRules;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** in [0, 1) */
  readonly random: () => number;
  /** Rejects when the signal is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Resolves once the provider has stored it (202). @throws SetRejected, DeliveryFailed, or the signal's reason */
export async function deliver(set: SignedSet, delivery: Delivery, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await push(set, delivery, signal);
    const status = answer instanceof Response ? answer.status : undefined;
    if (status === 202) return;
    if (answer instanceof Response && !isTemporary(status)) throw await rejection(set, answer);
    if (attempt >= delivery.retry.attempts) throw new DeliveryFailed(set.jti, status, { cause: answer });
    const header = answer instanceof Response ? answer.headers.get('retry-after') : null;
    const atLeast = retryAfterMs(header, delivery.now(), delivery.retry.longestWaitMs);
    await delivery.wait(waitMs(delivery.retry, attempt, atLeast, delivery.random()), signal);
  }
}

/** The answer, its body read or dropped; or why there is none. */
async function push({ token }: SignedSet, { endpoint, fetch, timeoutMs }: Delivery, signal?: AbortSignal): Promise<unknown> {
  signal?.throwIfAborted();
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': setMediaType, accept: 'application/json' },
      body: token,
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) : AbortSignal.timeout(timeoutMs),
    });
    // an unread body would keep the connection; of a refusal it is wanted
    if (isTemporary(response.status) || response.ok) await response.arrayBuffer();
    return response;
  } catch (error) {
    signal?.throwIfAborted();
    return error;
  }
}

/** Why the provider will never take it. */
export async function rejection({ jti }: SignedSet, response: Response): Promise<SetRejected> {
  const body = (await response.json().catch(() => undefined)) as
    { err?: unknown; description?: unknown; title?: unknown } | undefined;
  const err = setErrors.find((known) => known === body?.err) satisfies SetError | undefined;
  const words = [body?.description, body?.title].find((text) => typeof text === 'string');
  return new SetRejected(
    jti,
    err ?? `http_${response.status}`,
    typeof words === 'string' ? words.slice(0, 300) : 'no reason given',
  );
}
