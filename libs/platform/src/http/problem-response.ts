/**
 * Every error as a problem of the table (RFC 9457), and the response it makes. Libraries' messages, stacks and inputs stop here:
 * only codes, our titles and our own `detail` go out. Pure; the filter does the sending.
 */
import { randomUUID } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import { Problem, problems } from '#contracts';
import type { ProblemCode } from '#contracts';
import { isUnavailable } from '../database/unavailable.js';

export interface ProblemResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export const problemMediaType = 'application/problem+json';

const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  401: 'not-authenticated',
  403: 'not-permitted',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  415: 'type-not-supported',
  429: 'request-limit-reached',
  503: 'service-unavailable',
};

/** What an error means to the caller. Nothing is taken from it but a status set by Nest or Fastify. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = error instanceof HttpException ? error.getStatus() : frameworkStatus(error);
  if (status !== undefined && status < 500) return new Problem(codeOfStatus[status] ?? 'request-malformed');
  if (status === 503 || isUnavailable(error)) return new Problem('service-unavailable', { retryAfterMs: 1_000 });
  return new Problem('fault');
}

/** Fastify's own errors, told by their code; other libraries may not choose our status. */
function frameworkStatus(error: unknown): number | undefined {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : undefined;
}

/** A random `instance` finds a fault in the log; other problems have none, so that equal refusals are equal bytes. */
export function problemResponse(problem: Problem): ProblemResponse {
  const { status, title } = problems[problem.code];
  const { retryAfterMs } = problem.extensions;
  return {
    status,
    headers: {
      'content-type': problemMediaType,
      'content-language': 'en',
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: {
      type: `/errors/${problem.code}`,
      title,
      status,
      ...(status === 500 && { instance: `urn:uuid:${randomUUID()}` }),
      ...problem.extensions,
    },
  };
}
