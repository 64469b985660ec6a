/**
 * Notices fetched instead of pushed (RFC 8936), as an async iterator. A notice is acknowledged with the request after the one that the
 * loop's body has dealt with it; one that is not taken is told to the provider (`setErrs`). What was shown and not acknowledged comes again.
 */
import { pollAnswer } from '#contracts';
import type { PollRequest } from '#contracts';
import { defaultRetry, waitMs } from '../backoff.js';
import { KeysUnavailable, NoticeRefused, StreamUnavailable } from '../errors.js';
import { sleep } from '../sleep.js';
import type { AccessTokens } from '../streams/access-tokens.js';
import { ask } from '../streams/asking.js';
import type { Asking } from '../streams/asking.js';
import { admit } from './admit.js';
import type { Admission } from './admit.js';
import type { Notice } from './notice.js';

export interface PollOptions extends Admission {
  /** `endpoint_url` of the stream's delivery */
  readonly endpoint: string | URL;
  readonly tokens: AccessTokens;
  /** Ends the loop; what was dealt with until then is acknowledged. */
  readonly signal?: AbortSignal;
  /** Ask, deal with what is there, and end. */
  readonly once?: boolean;
  readonly maxEvents?: number;
  /** Longer than the provider holds a request open when there is nothing; 90 s by default. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly wait?: Asking['wait'];
  /** Told of each trouble that passes by itself. */
  readonly onFault?: (error: unknown) => void;
}

interface Owed {
  ack: string[];
  setErrs: Record<string, { err: string; description: string }>;
}

/** @throws StreamRefused; StreamUnavailable with `once` only, else it goes on asking */
export async function* poll(options: PollOptions): AsyncGenerator<Notice, void, undefined> {
  const { signal, once = false, maxEvents = 100, random = Math.random, wait = sleep, onFault } = options;
  let owed: Owed = { ack: [], setErrs: {} };
  let failures = 0;
  const rest = async (error: unknown) => {
    onFault?.(error);
    await wait(waitMs(defaultRetry, Math.min(++failures, 20), 0, random()), signal);
  };
  try {
    for (let more = true; more || !once;) {
      if (signal?.aborted) return;
      try {
        const answer = await request({ maxEvents, returnImmediately: once, ...owed }, options, signal);
        owed = { ack: [], setErrs: {} };
        failures = 0;
        more = answer.moreAvailable === true;
        for (const [jti, token] of Object.entries(answer.sets)) {
          const notice = await judged(jti, token, options, owed);
          if (!notice) continue;
          yield notice;
          await options.seen.add(notice.jti);
          owed.ack.push(jti);
          if (signal?.aborted) return;
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (once || !(error instanceof StreamUnavailable || error instanceof KeysUnavailable)) throw error;
        await rest(error).catch(() => undefined); // called off while waiting: the loop's head sees it
      }
    }
  } finally {
    if (owed.ack.length > 0 || Object.keys(owed.setErrs).length > 0)
      await request({ maxEvents: 0, returnImmediately: true, ...owed }, options).catch((error: unknown) => onFault?.(error));
  }
}

/** A notice to show; undefined for one that needs no dealing with, whose answer is then owed. */
async function judged(jti: string, token: string, options: Admission, owed: Owed): Promise<Notice | undefined> {
  try {
    const { notice, isNew } = await admit(token, options);
    if (notice.jti !== jti) throw new NoticeRefused('invalid_request', 'the SET has another jti than it is listed under');
    if (isNew) return notice;
    owed.ack.push(jti);
  } catch (error) {
    if (!(error instanceof NoticeRefused)) throw error;
    owed.setErrs[jti] = { err: error.err, description: error.description };
  }
  return undefined;
}

async function request(asked: PollRequest, options: PollOptions, signal?: AbortSignal) {
  const { ack = [], setErrs = {} } = asked;
  const hasErrors = Object.keys(setErrs).length > 0;
  const body = {
    maxEvents: asked.maxEvents,
    returnImmediately: asked.returnImmediately,
    ...(ack.length > 0 && { ack }),
    ...(hasErrors && { setErrs }),
  };
  const asking: Asking = {
    tokens: options.tokens,
    retry: { ...defaultRetry, attempts: 1 },
    timeoutMs: options.timeoutMs ?? 90_000,
    fetch: options.fetch ?? globalThis.fetch,
    now: options.now ?? (() => new Date()),
    random: options.random ?? Math.random,
    wait: options.wait ?? sleep,
  };
  const answer = await ask(
    {
      method: 'POST',
      url: new URL(options.endpoint),
      body,
      ...(hasErrors && { headers: { 'content-language': 'en' } }),
      ...(signal && { signal }),
    },
    asking,
  );
  if (answer === undefined && asked.maxEvents === 0) return { sets: {}, moreAvailable: false };
  const parsed = pollAnswer.safeParse(answer);
  if (!parsed.success) throw new StreamUnavailable('the answer to a poll cannot be understood', { cause: parsed.error });
  return parsed.data;
}
