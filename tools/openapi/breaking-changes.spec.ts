import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';
import type { OpenApi } from './breaking-changes.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const text = { type: 'string' };
const operation = {
  operationId: 'putThing',
  parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
  requestBody: { required: true, ...json({ type: 'object', properties: { kind: { enum: ['a', 'b'] } }, required: [] }) },
  responses: { 200: json({ type: 'object', properties: { at: text }, required: ['at'] }), 404: { description: 'none' } },
};
const of = (change: object, method = 'put', path = '/things/{id}'): OpenApi =>
  ({ paths: { [path]: { [method]: { ...operation, ...change } } } }) as OpenApi;
const before = of({});
const breaks = (after: OpenApi) => breakingChanges(before, after);

describe('breaking changes of an API', () => {
  it('are none when nothing changed, or something is new', () => {
    const added: OpenApi = {
      paths: {
        ...of({ summary: 'other words', responses: { ...operation.responses, 429: { description: 'wait' } } }).paths,
        '/more': { get: {} },
      },
    };
    expect(breaks(added)).toEqual([]);
    const optional = { name: 'page', in: 'query', schema: text };
    expect(breaks(of({ parameters: [...operation.parameters, optional] }))).toEqual([]);
  });

  it('name a path and a method that are gone', () => {
    expect(breaks(of({}, 'put', '/others/{id}'))).toEqual(['/things/{id}: the path is gone']);
    expect(breaks(of({}, 'post'))).toEqual(['PUT /things/{id}: the method is gone']);
  });

  it.each<[string, object, string]>([
    ['an answer that is gone', { responses: { 200: operation.responses[200] } }, 'answer 404 is gone'],
    [
      'an answer of another media type',
      { responses: { ...operation.responses, 200: { content: { 'text/plain': {} } } } },
      'answer 200 is application/json no more',
    ],
    [
      'a field of an answer that is gone',
      { responses: { ...operation.responses, 200: json({ type: 'object', properties: {}, required: [] }) } },
      'answer 200.at is gone',
    ],
    [
      'a field that a request must have now',
      {
        requestBody: {
          required: true,
          ...json({ type: 'object', properties: { kind: { enum: ['a', 'b'] }, why: text }, required: ['why'] }),
        },
      },
      'request.why is required now',
    ],
    [
      'an enum of a request that is narrower',
      { requestBody: { required: true, ...json({ type: 'object', properties: { kind: { enum: ['a'] } } }) } },
      'request.kind no longer takes "b"',
    ],
    ['a request without its body', { requestBody: undefined }, 'request has no body any more'],
    ['a parameter that is gone', { parameters: [] }, 'parameter id is gone'],
    [
      'a parameter that is required now',
      { parameters: [...operation.parameters, { name: 'page', in: 'query', required: true }] },
      'parameter page is required now',
    ],
    [
      'a parameter that takes less',
      { parameters: [{ ...operation.parameters[0], schema: { ...text, maxLength: 4 } }] },
      'parameter id has another maxLength: none → 4',
    ],
    ['another name for programs', { operationId: 'setThing' }, 'operationId is setThing, it was putThing'],
  ])('name %s', (_what, change, line) => {
    expect(breaks(of(change))).toEqual([`PUT /things/{id}: ${line}`]);
  });

  it('name a body that a request must have now', () => {
    const optional = of({ requestBody: { ...operation.requestBody, required: false } });
    expect(breakingChanges(optional, before)).toEqual(['PUT /things/{id}: request needs a body now']);
    expect(breakingChanges(of({ requestBody: undefined }), before)).toEqual(['PUT /things/{id}: request needs a body now']);
  });
});
