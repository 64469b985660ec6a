/** One request to a process of the service. A refusal becomes one line with the mend of the problem table. */
import { problems } from '#contracts';
import type { ProblemCode } from '#contracts';
import type { z } from 'zod';
import { StackError } from '../stack/stack-error.js';

export interface ServiceCall<T> {
  /** For messages: `nyms`, `key holder`. */
  readonly service: string;
  readonly url: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly answer: z.ZodType<T>;
}

/** POST with a body, GET without, POST without one by `body: null`. Throws StackError. */
export async function callService<T>({ service, url, body, token, answer }: ServiceCall<T>): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body != null && { 'content-type': 'application/json' }),
      },
      ...(body != null && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    throw new StackError(
      `${service} does not answer at ${new URL(url).origin}`,
      'is it running? `npm run ctl -- doctor` shows what is',
    );
  }
  const text = await response.text();
  if (!response.ok) throw refusalOf(service, response.status, text);
  const parsed = answer.safeParse(json(text));
  if (parsed.success) return parsed.data;
  throw new StackError(`${service} gave an answer that this ctl does not understand`, 'use the ctl of the same version');
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
