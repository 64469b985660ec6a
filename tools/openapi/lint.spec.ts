import { describe, expect, it } from '@jest/globals';
import { lint } from './lint.ts';

const operation = {
  operationId: 'getThing',
  summary: 'A thing',
  responses: { 200: { description: 'it' }, 404: { description: 'not there' } },
};
const document = (paths: object) => ({
  openapi: '3.1.1',
  info: { title: 't', version: '1', description: 'd' },
  paths,
  components: { schemas: { Problem: {} } },
});

describe('lint of an OpenAPI document', () => {
  it('is content with a whole document', () => {
    const parameters = [{ name: 'id', in: 'path', required: true }];
    expect(lint(document({ '/things/{id}': { get: { ...operation, parameters } } }))).toEqual([]);
  });

  it('names operations that share an id and parameters nobody declares', () => {
    expect(lint(document({ '/a': { get: operation }, '/b/{id}': { get: operation } }))).toEqual([
      'GET /b/{id}: operationId getThing occurs twice',
      'GET /b/{id}: path parameter id is not declared',
    ]);
  });

  it('wants a summary, an answer of success and a problem', () => {
    expect(lint(document({ '/a': { post: { operationId: 'x', requestBody: {}, responses: {} } } }))).toEqual([
      'POST /a: summary is missing',
      'POST /a: no answer of success',
      'POST /a: no problem is documented',
    ]);
  });

  it('finds references that lead nowhere', () => {
    const responses = { ...operation.responses, 500: { description: 'x', schema: { $ref: '#/components/schemas/Nope' } } };
    expect(lint(document({ '/a': { get: { ...operation, responses } } }))).toEqual(['#/components/schemas/Nope leads nowhere']);
  });
});
