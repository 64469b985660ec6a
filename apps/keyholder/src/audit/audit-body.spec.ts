import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, file), 'utf8');

describe('entries of the log', () => {
  it('are all explained in the auditor guide, and no others', () => {
    const types = [...read('audit-body.ts').matchAll(/readonly type: ('[^;}]+)/g)].flatMap(([, names]) =>
      [...names!.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name!),
    );
    const guide = read('../../../../docs/auditor-guide.md');
    const table = guide.slice(guide.indexOf('| type | says |'), guide.indexOf('## What to look for'));
    const explained = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!),
    );
    // these end an announcement; the text before the table explains them
    const ends = ['completed', 'abandoned'];
    expect(types.length).toBeGreaterThan(20);
    expect([...new Set([...explained, ...ends])].sort()).toEqual([...new Set([...types, 'generation'])].sort());
  });
});
