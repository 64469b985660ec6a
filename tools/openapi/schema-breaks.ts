/**
 * Where a JSON Schema (2020-12) no longer keeps what an earlier one promised. Of a request the promise is what is taken, so it may only
 * widen; of an answer it is what is said, so it may only narrow. Pure. What it cannot judge it reports.
 */
import { isDeepStrictEqual } from 'node:util';

export type Direction = 'request' | 'answer';

export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** One side of a comparison: a schema, and the document its references are in. */
export interface Side {
  readonly document: object;
  readonly schema: Schema;
}

/** @param at name of the compared value, as it begins each line. @returns one line per broken promise */
export const schemaBreaks = (before: Side, after: Side, direction: Direction, at: string): readonly string[] =>
  compare(before, after, direction, at, []);

/** @param within the references that lead here: a schema that contains itself is compared once */
function compare(before: Side, after: Side, direction: Direction, at: string, within: readonly string[]): readonly string[] {
  const reference = before.schema.$ref;
  if (reference !== undefined && within.includes(reference)) return [];
  const inside = reference === undefined ? within : [...within, reference];
  const [old, now] = [resolved(before), resolved(after)];
  const into = (from: unknown, to: unknown, name: string) =>
    compare({ ...before, schema: open(from) }, { ...after, schema: open(to) }, direction, name, inside);
  return [
    ...fieldBreaks(old, now, direction).map((line) => `${at}${line}`),
    ...[...valueBreaks(old, now, direction), ...boundBreaks(old, now, direction), ...unjudgedBreaks(old, now)].map(
      (line) => `${at} ${line}`,
    ),
    ...fieldsOf(old)
      .filter((name) => fieldsOf(now).includes(name))
      .flatMap((name) => into(old.properties?.[name], now.properties?.[name], `${at}.${name}`)),
    ...(old.items || now.items ? into(old.items, now.items, `${at}[]`) : []),
    ...(isSchema(old.additionalProperties) || isSchema(now.additionalProperties)
      ? into(old.additionalProperties, now.additionalProperties, `${at}.*`)
      : []),
  ];
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
/** No schema, or `true`, lets everything through. */
const open = (value: unknown): Schema => (isSchema(value) ? value : {});
const fieldsOf = (schema: Schema): string[] => Object.keys(schema.properties ?? {});

function resolved({ document, schema }: Side): Schema {
  if (schema.$ref === undefined) return schema;
  const steps = schema.$ref.replace(/^#\//, '').split('/');
  return open(steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document));
}

function fieldBreaks(old: Schema, now: Schema, direction: Direction): string[] {
  const [was, is] = [old.required ?? [], now.required ?? []];
  const gone = missing(fieldsOf(now), fieldsOf(old));
  const lines = gone.map((name) => `.${name} is gone`);
  if (direction === 'request') {
    const closed = old.additionalProperties !== false && now.additionalProperties === false;
    return [
      ...lines,
      ...missing(was, is).map((name) => `.${name} is required now`),
      ...(closed ? [' refuses unknown fields now'] : []),
    ];
  }
  const mayMiss = missing([...is, ...gone], was).map((name) => `.${name} may be missing now`);
  // strict readers, our own SDKs among them, take a closed object at its word
  const added = old.additionalProperties === false ? missing(fieldsOf(old), fieldsOf(now)) : [];
  return [...lines, ...mayMiss, ...added.map((name) => `.${name} is new in an answer that was closed`)];
}

/** Members of the second list that the first one lacks. */
const missing = (from: readonly string[], list: readonly string[]): string[] => list.filter((name) => !from.includes(name));

/** Types and listed values. A schema that lists none lets all through. */
function valueBreaks(old: Schema, now: Schema, direction: Direction): string[] {
  const [promised, kept] = direction === 'request' ? [old, now] : [now, old];
  const lost = (list: (schema: Schema) => readonly string[] | undefined) => {
    const keeps = list(kept);
    return keeps && (list(promised)?.filter((one) => !keeps.includes(one)) ?? ['anything else']);
  };
  const says = direction === 'request' ? 'no longer takes' : 'may be';
  return [...(lost(typesOf) ?? []), ...(lost(valuesOf) ?? [])].map((one) => `${says} ${one}`);
}

const typesOf = ({ type }: Schema): string[] | undefined =>
  type === undefined ? undefined : [type].flat().flatMap((one) => (one === 'number' ? ['number', 'integer'] : [String(one)]));

const valuesOf = (schema: Schema): string[] | undefined => {
  if ('const' in schema) return [JSON.stringify(schema['const'])];
  return (schema['enum'] as unknown[] | undefined)?.map((value) => JSON.stringify(value));
};

const least = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const most = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const judgedInRequests = ['pattern', 'format', 'multipleOf', 'uniqueItems'];
/** Keywords that combine schemas: alike, or for a person to look at. */
const unjudged = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'prefixItems', 'patternProperties', 'propertyNames'];

function boundBreaks(old: Schema, now: Schema, direction: Direction): string[] {
  const [wide, tight] = direction === 'request' ? [old, now] : [now, old];
  const bound = (schema: Schema, keyword: string, none: number) => (schema[keyword] as number | undefined) ?? none;
  const moved = [
    ...least.filter((keyword) => bound(tight, keyword, -Infinity) > bound(wide, keyword, -Infinity)),
    ...most.filter((keyword) => bound(tight, keyword, Infinity) < bound(wide, keyword, Infinity)),
    ...(direction === 'request'
      ? judgedInRequests.filter((keyword) => now[keyword] !== undefined && now[keyword] !== old[keyword])
      : []),
  ];
  return moved.map((keyword) => `has another ${keyword}: ${shown(old[keyword])} → ${shown(now[keyword])}`);
}

const unjudgedBreaks = (old: Schema, now: Schema): string[] =>
  unjudged
    .filter((keyword) => !isDeepStrictEqual(old[keyword], now[keyword]))
    .map((keyword) => `differs in ${keyword}, which this check cannot judge`);

const shown = (value: unknown): string => (value === undefined ? 'none' : String(value));
