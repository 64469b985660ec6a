/** What answers look like: problems of the table, RFC 8935 errors, and refusals of the key holder, which are all one. */
import { expect } from '@jest/globals';
import { setErrors } from '#contracts';
import { SEALED_REASON_LENGTH } from '#tickets';
import type { Answer } from './provider.js';

/** Names and values, without what differs from one answer to the next by its nature. */
const headersOf = ({ headers }: Answer): [string, string][] =>
  [...headers].filter(([name]) => !['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name)).sort();

/** Everything about a refusal of the key holder that somebody could compare. */
export function refusalShape(answer: Answer) {
  const { sealedReason, ...rest } = JSON.parse(answer.text) as { sealedReason: string };
  return {
    status: answer.status,
    headers: headersOf(answer),
    length: answer.text.length,
    order: Object.keys(JSON.parse(answer.text) as object),
    rest,
    sealed: Buffer.from(sealedReason, 'base64url').length,
  };
}

export function expectRefusal(answer: Answer): void {
  expect(answer.status).toBe(403);
  expect(refusalShape(answer)).toMatchObject({
    rest: { type: '/errors/answer-refused', title: 'No answer for this request', status: 403 },
    order: ['type', 'title', 'status', 'sealedReason'],
    sealed: SEALED_REASON_LENGTH,
  });
}

export function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, (JSON.parse(answer.text) as { type: string }).type]).toEqual([status, `/errors/${code}`]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('content-language')).toBe('en');
}

/** RFC 8935 §2.3: 400, application/json, `err` and `description`, and the language of the latter. */
export function expectSetError(answer: Answer, err: string): void {
  const body = JSON.parse(answer.text) as { err: string; description: string };
  expect([answer.status, body.err, Object.keys(body)]).toEqual([400, err, ['err', 'description']]);
  expect(setErrors).toContain(body.err);
  expect(body.description).toMatch(/^[\w .,:;{}"/…'+-]{5,120}$/);
  expect([answer.headers.get('content-type'), answer.headers.get('content-language')]).toEqual(['application/json', 'en']);
}

/** Stack frames, paths, names of libraries and of our own code. */
export const tellsTooMuch =
  /\bat [\w.<>]+ ?\(|node:internal|node_modules|\.[jt]s:\d|Error:|Exception|prisma|postgres|\bpg\b|zod|fastify|nest|bullmq|redis|undefined|\[object|SELECT |INSERT /i;
