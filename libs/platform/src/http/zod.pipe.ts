/**
 * Requests against zod schemas: `@Body(zodBody(schema)) body: z.output<typeof schema>`. A misfit is `request-malformed` with the
 * path of the first field and our own words; the value and zod's message stay here.
 */
import { Injectable } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { Problem } from '#contracts';

type Where = 'body' | 'query' | 'path';
type Issue = z.core.$ZodIssue;

@Injectable()
export class ZodPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(
    private readonly schema: S,
    private readonly where: Where,
  ) {}

  transform(value: unknown): z.output<S> {
    return parseRequest(this.schema, value, this.where);
  }
}

export const zodBody = <S extends z.ZodType>(schema: S): ZodPipe<S> => new ZodPipe(schema, 'body');
export const zodQuery = <S extends z.ZodType>(schema: S): ZodPipe<S> => new ZodPipe(schema, 'query');
/** For `@Param(zodPath(schema))` or `@Param('name', zodPath(schema))`. */
export const zodPath = <S extends z.ZodType>(schema: S): ZodPipe<S> => new ZodPipe(schema, 'path');

/** The same for input that is not a handler's argument. Throws Problem `request-malformed`. */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown, where: Where = 'body'): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem('request-malformed', {
    detail: issue ? `${placeOf(where, issue)} ${wordsOf(issue, value)}` : `${where} does not fit`,
  });
}

/** Names of a record are the sender's words, so only names that look like a field of a schema are repeated. */
const placeOf = (where: Where, { path }: Issue): string =>
  path.reduce<string>(
    (place, part) =>
      typeof part === 'number'
        ? `${place}[${part}]`
        : /^[A-Za-z]\w{0,39}$/.test(String(part))
          ? `${place}.${String(part)}`
          : `${place}.?`,
    where,
  );

function wordsOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return valueAt(value, issue.path) === undefined ? 'is missing' : 'has the wrong type';
    case 'too_big':
      return 'is too large';
    case 'too_small':
      return 'is too small';
    case 'unrecognized_keys':
      return 'has a field that is not known';
    case 'invalid_value':
    case 'invalid_union':
      return 'is none of the documented values';
    default:
      return 'has the wrong form';
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  );
