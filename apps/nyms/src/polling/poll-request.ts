/**
 * One poll of a hub's transmitter (RFC 8936 §2): acknowledges and refuses, and brings what comes next. What comes is not looked into here.
 */
import { polledSets } from '#contracts';
import type { PollRequest } from '#contracts';
import { retryAfterMs } from '#platform';
import { callFailureOf } from '../outside/call-failure.js';
import { AnswerTooLarge } from '../outside/outside-client.js';
import type { OutsideAnswer, OutsideClient } from '../outside/outside-client.js';

/** `certificate`, `address-refused`: not asked, since it may be somebody else. `unavailable`: SETs could not be judged or stored now. */
export const pollFailures = [
  'no-answer',
  'certificate',
  'address-refused',
  'refused',
  'busy',
  'malformed',
  'too-large',
  'unavailable',
] as const;
export type PollFailure = (typeof pollFailures)[number];

export class PollFailed extends Error {
  override readonly name = 'PollFailed';

  constructor(
    readonly reason: PollFailure,
    /** As the transmitter says (RFC 9110 §10.2.3); 0 for nothing or nonsense. */
    readonly retryAfterMs = 0,
    options?: ErrorOptions,
  ) {
    super(`poll failed: ${reason}`, options);
  }
}

export interface Polled {
  /** By the key they were delivered under; a value may be anything. */
  readonly sets: readonly (readonly [jti: string, token: unknown])[];
  readonly moreAvailable: boolean;
}

export interface PollOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** A wrong header must not stop a hub's poll for a day. */
const LONGEST_RETRY_MS = 3_600_000;

/** @throws PollFailed */
export async function poll(client: Pick<OutsideClient, 'request'>, request: PollRequest, options: PollOptions): Promise<Polled> {
  const { url, headers, now, ...bounds } = options;
  let answer: OutsideAnswer;
  try {
    answer = await client.request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(request.setErrs && { 'content-language': 'en' }),
        ...headers,
      },
      body: JSON.stringify(request),
      ...bounds,
    });
  } catch (error) {
    throw new PollFailed(reasonOf(error), 0, { cause: error });
  }
  const { status } = answer;
  if (status !== 200) {
    const askedMs = retryAfterMs(answer.headers, now(), LONGEST_RETRY_MS);
    throw new PollFailed(status === 429 || status >= 500 ? 'busy' : 'refused', askedMs);
  }
  return polledIn(answer.text);
}

function polledIn(text: string): Polled {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PollFailed('malformed');
  }
  const parsed = polledSets.safeParse(value);
  if (!parsed.success) throw new PollFailed('malformed');
  return { sets: Object.entries(parsed.data.sets), moreAvailable: parsed.data.moreAvailable === true };
}

function reasonOf(error: unknown): PollFailure {
  if (error instanceof AnswerTooLarge) return 'too-large';
  const failure = callFailureOf(error);
  return failure === 'certificate' || failure === 'address-refused' ? failure : 'no-answer';
}
