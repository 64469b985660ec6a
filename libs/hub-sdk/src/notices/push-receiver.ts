/**
 * The endpoint that a provider pushes to (RFC 8935), as a function from a web `Request` to its `Response`, for any server. 202 only
 * when the notice has been dealt with; 400 with the reason for one that is not taken; 503 when it should come again.
 */
import { setMaxBytes, setMediaType } from '#contracts';
import { KeysUnavailable, NoticeRefused } from '../errors.js';
import { admit } from './admit.js';
import type { Admission } from './admit.js';
import type { Notice } from './notice.js';

export interface PushReceiverOptions extends Admission {
  /**
   * Resolves when the notice is dealt with for good: then it is answered, and not shown again. If it throws, the provider sends the
   * notice again later. Two notices may be dealt with at once; the same one never is.
   */
  readonly onNotice: (notice: Notice) => Promise<void> | void;
  /** What `Authorization` must be: `authorization_header` of the stream's delivery. */
  readonly authorization?: string;
  /** Tells you of what is not in the answer: why it was 503. */
  readonly onFault?: (error: unknown) => void;
}

const COME_AGAIN_SECONDS = '30';

export function pushReceiver(options: PushReceiverOptions): (request: Request) => Promise<Response> {
  const underWay = new Map<string, Promise<void>>();

  async function deal(notice: Notice): Promise<void> {
    if (await options.seen.has(notice.jti)) return; // by a request that was faster
    await options.onNotice(notice);
    await options.seen.add(notice.jti);
  }

  async function take(token: string): Promise<void> {
    const { notice, isNew } = await admit(token, options);
    if (!isNew) return;
    const { jti } = notice;
    let dealing = underWay.get(jti);
    if (!dealing) {
      dealing = deal(notice).finally(() => underWay.delete(jti));
      underWay.set(jti, dealing);
    }
    await dealing;
  }

  return async (request) => {
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
    try {
      if (options.authorization !== undefined && !(await isSame(request.headers.get('authorization'), options.authorization)))
        throw new NoticeRefused('authentication_failed', 'the Authorization header is not that of the stream');
      await take(await tokenOf(request));
      return new Response(null, { status: 202 });
    } catch (error) {
      if (error instanceof NoticeRefused) return refusal(error);
      options.onFault?.(error instanceof KeysUnavailable ? (error.cause ?? error) : error);
      return new Response(null, { status: 503, headers: { 'retry-after': COME_AGAIN_SECONDS } });
    }
  };
}

async function tokenOf(request: Request): Promise<string> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== setMediaType) throw new NoticeRefused('invalid_request', `Content-Type must be ${setMediaType}`);
  const reader = request.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let length = 0; reader;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > setMaxBytes) {
      await reader.cancel();
      throw new NoticeRefused('invalid_request', `over ${setMaxBytes} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
  return text.trim();
}

const refusal = ({ err, description }: NoticeRefused): Response =>
  Response.json({ err, description }, { status: 400, headers: { 'content-language': 'en' } });

/** By hash, so that the time taken says nothing about how much of it is right. */
async function isSame(given: string | null, wanted: string): Promise<boolean> {
  const hash = async (text: string) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const [one, other] = await Promise.all([hash(given ?? ''), hash(wanted)]);
  return given !== null && one.every((byte, i) => byte === other[i]);
}
