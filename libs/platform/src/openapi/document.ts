/**
 * An OpenAPI 3.1 document from the same route table and zod schemas that clients and SDKs use, so that it cannot tell another
 * story than the code. Request and answer schemas are shown as they are on the wire (before zod transforms them).
 */
import { z } from 'zod';
import { problems } from '#contracts';
import type { ProblemCode, RouteSpec } from '#contracts';
import { problemMediaType } from '../http/problem-response.js';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

type Json = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1.1, https://spec.openapis.org/oas/v3.1.1. */
export function openApiDocument(info: ApiInfo, routes: readonly RouteSpec[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    if (paths[path]?.[route.method]) throw new Error(`${route.method} ${path} is documented twice`);
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return { openapi: '3.1.1', info, paths, components: { schemas: { Problem: problemSchema } } };
}

function operation(route: RouteSpec): Json {
  const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: `${route.method}${route.path.replace(/[^a-zA-Z0-9]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    summary: route.summary,
    description: `Caller: ${route.caller}`,
    ...(parameters.length > 0 && { parameters }),
    ...((route.request ?? route.requestType) && {
      requestBody: {
        required: true,
        content: { [route.requestType ?? 'application/json']: { schema: wireSchema(route.request) } },
      },
    }),
    responses: {
      [route.status]: {
        description: route.summary,
        ...(route.response && { content: { 'application/json': { schema: wireSchema(route.response) } } }),
      },
      ...problemResponses(route.problems),
    },
  };
}

/** Problems of one status share a response; its description names each with its page. */
function problemResponses(codes: readonly ProblemCode[]): Json {
  const statuses = new Set(codes.map((code) => problems[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      {
        description: codes
          .filter((code) => problems[code].status === status)
          .map((code) => `${problems[code].title} (/errors/${code})`)
          .join('; '),
        content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** A body that no schema describes is text or bytes. */
function wireSchema(schema: z.ZodType | undefined): Json {
  if (!schema) return { type: 'string' };
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457. `type` is a page that says cause and mend.',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri', description: 'finds a fault in the log' },
    retryAfterMs: { type: 'integer' },
    sealedReason: { type: 'string', description: 'base64url, for the client alone' },
  },
};
