import { describe, expect, it } from '@jest/globals';
import { schemaBreaks } from './schema-breaks.ts';
import type { Direction, Schema } from './schema-breaks.ts';

const compare = (direction: Direction, before: Schema, after: Schema, document: object = {}) =>
  schemaBreaks({ document, schema: before }, { document, schema: after }, direction, 'it');
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = [], closed = false): Schema => ({
  ...{ type: 'object', properties, required },
  ...(closed && { additionalProperties: false }),
});
const text: Schema = { type: 'string' };

describe('what a request may hold', () => {
  const breaks = (before: Schema, after: Schema) => compare('request', before, after);

  it.each<[string, Schema, Schema, string]>([
    ['a field that is required now', object({ a: text }), object({ a: text }, ['a']), 'it.a is required now'],
    ['a new field that is required', object({}), object({ a: text }, ['a']), 'it.a is required now'],
    ['a field that is gone', object({ a: text }), object({}), 'it.a is gone'],
    ['an object that is closed now', object({}), object({}, [], true), 'it refuses unknown fields now'],
    ['an enum that lost a value', { enum: ['a', 'b'] }, { enum: ['b', 'c'] }, 'it no longer takes "a"'],
    ['an enum where anything went', text, { ...text, enum: ['a'] }, 'it no longer takes anything else'],
    ['an enum that became one value', { enum: [1, 2] }, { const: 1 }, 'it no longer takes 2'],
    ['another type', text, { type: 'integer' }, 'it no longer takes string'],
    ['a type less', { type: ['string', 'null'] }, text, 'it no longer takes null'],
    ['a type where anything went', {}, text, 'it no longer takes anything else'],
    ['whole numbers only', { type: 'number' }, { type: 'integer' }, 'it no longer takes number'],
    ['a lower limit', { maximum: 32 }, { maximum: 16 }, 'it has another maximum: 32 → 16'],
    ['a new limit', text, { ...text, maxLength: 9 }, 'it has another maxLength: none → 9'],
    ['a higher least', { minItems: 1 }, { minItems: 2 }, 'it has another minItems: 1 → 2'],
    ['another pattern', { pattern: 'a' }, { pattern: 'b' }, 'it has another pattern: a → b'],
    ['a field within a field', object({ a: object({ b: text }) }), object({ a: object({}) }), 'it.a.b is gone'],
    ['what an array holds', { items: { enum: [1, 2] } }, { items: { enum: [1] } }, 'it[] no longer takes 2'],
    ['an array that held anything', { type: 'array' }, { type: 'array', items: text }, 'it[] no longer takes anything else'],
    ['any field of a map', { additionalProperties: true }, { additionalProperties: text }, 'it.* no longer takes anything else'],
    ['alternatives', { anyOf: [text] }, { anyOf: [] }, 'it differs in anyOf, which this check cannot judge'],
  ])('breaks by %s', (_what, before, after, line) => {
    expect(breaks(before, after)).toEqual([line]);
  });

  it.each<[string, Schema, Schema]>([
    ['a new field nobody needs', object({}, [], true), object({ a: text }, [], true)],
    ['a field that is no longer required', object({ a: text }, ['a']), object({ a: text })],
    ['a longer enum', { enum: ['a'] }, { enum: ['a', 'b'] }],
    ['fractions too', { type: 'integer' }, { type: 'number' }],
    ['a higher limit', { maxLength: 9, minimum: 2 }, { maxLength: 10, minimum: 1 }],
    ['a pattern less', { pattern: 'a' }, {}],
    ['other words about it', { ...text, description: 'old' }, { ...text, description: 'new' }],
  ])('keeps its promise with %s', (_what, before, after) => {
    expect(breaks(before, after)).toEqual([]);
  });
});

describe('what an answer may say', () => {
  const breaks = (before: Schema, after: Schema) => compare('answer', before, after);

  it.each<[string, Schema, Schema, string]>([
    ['a field that is gone', object({ a: text }, ['a']), object({}), 'it.a is gone'],
    ['a field that may be missing', object({ a: text }, ['a']), object({ a: text }), 'it.a may be missing now'],
    [
      'a new field of a closed object',
      object({}, [], true),
      object({ a: text }, [], true),
      'it.a is new in an answer that was closed',
    ],
    ['a longer enum', { enum: ['a'] }, { enum: ['a', 'b'] }, 'it may be "b"'],
    ['no enum any more', { ...text, enum: ['a'] }, text, 'it may be anything else'],
    ['a further type', text, { type: ['string', 'null'] }, 'it may be null'],
    ['a higher limit', { maxItems: 32 }, { maxItems: 64 }, 'it has another maxItems: 32 → 64'],
  ])('breaks by %s', (_what, before, after, line) => {
    expect(breaks(before, after)).toEqual([line]);
  });

  it.each<[string, Schema, Schema]>([
    ['a shorter enum', { enum: ['a', 'b'] }, { enum: ['a'] }],
    ['a field that is always there', object({ a: text }), object({ a: text }, ['a'])],
    ['a new field of an open object', object({}), object({ a: text }, ['a'])],
    ['a lower limit', { maximum: 32 }, { maximum: 16 }],
  ])('keeps its promise with %s', (_what, before, after) => {
    expect(breaks(before, after)).toEqual([]);
  });
});

describe('references', () => {
  const reference: Schema = { $ref: '#/components/schemas/Tree' };
  const documentOf = (leaf: Schema) => ({ components: { schemas: { Tree: object({ leaf, child: reference }) } } });
  const breaks = (before: object, after: object) =>
    schemaBreaks({ document: before, schema: reference }, { document: after, schema: reference }, 'request', 'it');

  it('are followed in the document that has them, once when they lead back', () => {
    expect(breaks(documentOf({ enum: [1, 2] }), documentOf({ enum: [1] }))).toEqual(['it.leaf no longer takes 2']);
    expect(breaks(documentOf(text), documentOf(text))).toEqual([]);
  });
});
