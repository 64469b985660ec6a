import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkOpenApi, writeDocuments } from './check-openapi.ts';
import { stableText } from './openapi/documents.ts';
import { linesIn } from './planted.ts';
import { ToolError } from './tool.ts';

const document = (paths: object) => ({ openapi: '3.1.1', info: { title: 't', version: '1', description: 'd' }, paths });
const get = (operationId: string) => ({ get: { operationId, summary: 'It', responses: { 200: { description: 'it' } } } });
const one = document({ '/a': get('getA') });
const two = document({ '/a': get('getA'), '/b': get('getB') });
const built = (made: object) => [{ app: 'nyms', document: made }];
const file = 'docs/openapi/nyms.json';
const find = (made: object, files: Readonly<Record<string, string>>) => linesIn(checkOpenApi(built(made)), files);

describe('check-openapi', () => {
  it('is content when the committed document is what the routes say, in whatever order they say it', () => {
    expect(find(two, { [file]: stableText(two) })).toEqual([]);
    expect(find(document({ '/b': get('getB'), '/a': get('getA') }), { [file]: stableText(two) })).toEqual([]);
  });

  it('wants the document committed, and as it is now', () => {
    expect(find(one, {})).toEqual([`${file} is missing; run: node tools/check-openapi.ts --write`]);
    expect(find(two, { [file]: stableText(one) })).toEqual([
      `${file} is not what the routes say; run: node tools/check-openapi.ts --write`,
    ]);
  });

  it('names each broken promise', () => {
    expect(find(one, { [file]: stableText(two) })).toEqual([
      `${file} /b: the path is gone (breaking)`,
      `${file} is not what the routes say; run: node tools/check-openapi.ts --write --breaking, if that is meant`,
    ]);
  });

  it('lints what is built', () => {
    const bare = document({ '/a': { get: { ...get('getA').get, summary: '' } } });
    expect(find(bare, { [file]: stableText(bare) })).toEqual(['apps/nyms/src/routes.ts GET /a: summary is missing']);
  });

  it('says in one line that the committed file is broken', () => {
    expect(() => find(one, { [file]: '<<<<<<<' })).toThrow(ToolError);
  });

  it('writes what is new, and what breaks a promise only when that is meant', () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'openapi-'));
    const committed = () => readFileSync(path.join(root, file), 'utf8');
    try {
      expect(writeDocuments(root, built(one), false)).toEqual([]);
      expect(writeDocuments(root, built(two), false)).toEqual([]);
      expect(committed()).toBe(stableText(two));
      expect(writeDocuments(root, built(one), false)).toEqual(['/b: the path is gone']);
      expect(committed()).toBe(stableText(two));
      expect(writeDocuments(root, built(one), true)).toEqual([]);
      expect(committed()).toBe(stableText(one));
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
