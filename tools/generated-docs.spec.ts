import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { errorsPage, generatedDocs } from './generated-docs.ts';

describe('generated docs', () => {
  let root: string;
  beforeEach(() => mkdirSync(path.join((root = mkdtempSync(path.join(os.tmpdir(), 'docs-'))), 'docs')));
  afterEach(() => rmSync(root, { recursive: true }));
  const page = errorsPage({
    'not-found': { status: 404, title: 'Not found', retry: 'no', cause: 'Nothing there.', mend: 'Look elsewhere.' },
  });

  it('say code, status, cause and mend of every problem', () => {
    for (const words of ['## not-found', '404 Not found', 'Nothing there.', 'Look elsewhere.']) expect(page).toContain(words);
  });

  it('are found when missing or edited, and not when they are as made', () => {
    const tool = generatedDocs({ 'docs/errors.md': page });
    expect(tool.check(root)).toHaveLength(1);
    writeFileSync(path.join(root, 'docs/errors.md'), page);
    expect(tool.check(root)).toEqual([]);
    writeFileSync(path.join(root, 'docs/errors.md'), `${page}edited`);
    expect(tool.check(root)).toHaveLength(1);
  });
});
