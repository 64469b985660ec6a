import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkTree, machinePaths } from './check-tree.ts';
import { findingsIn, linesIn } from './planted.ts';
import { runTool } from './tool.ts';

const find = (files: Record<string, string>) => linesIn(checkTree, files);
const lines = (count: number) => '// line\n'.repeat(count);

describe('check-tree', () => {
  it('is content with short files, whole tests and portable paths', () => {
    expect(
      find({
        'libs/he/src/a.ts': `${lines(250)}`,
        'libs/he/src/a.spec.ts':
          "it('only counts once', () => {}); list.skip(1); options.only = true; describe.each([1])('x', f);",
        'scripts/x.mjs':
          "#!/usr/bin/env node\nconst folder = os.tmpdir(); fetch('https://x.example/home/page'); // see ./tmp/x, src/root",
        'docs/x.md': 'Data is kept in `.nymtally/`; PostgreSQL reads /etc/ssl.',
        'package-lock.json': '{"node_modules/x": {"version": "1.0.0"}}',
      }),
    ).toEqual([]);
  });

  it('warns of long files and fails on longer ones', () => {
    const findings = findingsIn(checkTree, {
      'libs/he/src/a.ts': lines(251),
      'test/b.ts': lines(400),
      'tools/c.ts': lines(401),
      'docs/d.md': lines(900),
    });
    expect(findings.map(({ file, warning }) => [file, warning === true])).toEqual([
      ['libs/he/src/a.ts', true],
      ['test/b.ts', true],
      ['tools/c.ts', false],
    ]);
  });

  it.each([
    '// @ts-ignore',
    '// @ts-expect-error why',
    '/* @ts-nocheck */',
    '// eslint-disable-next-line no-explicit-any',
    '// prettier-ignore',
    '/* istanbul ignore next */',
  ])('finds %s', (comment) => {
    expect(find({ 'libs/he/src/a.ts': `\n${comment}\n` })).toEqual([
      expect.stringMatching(/^libs\/he\/src\/a\.ts:2 .* switches a check off/),
    ]);
  });

  it.each([
    "it.only('x', f);",
    "describe.skip('x', f);",
    'const suite = redis ? describe : describe.skip;',
    "test.todo('x');",
    "it.each([1]).only('x', f);",
    "describe.only.each([1])('x', f);",
    "xit('x', f);",
    "fdescribe('x', f);",
    "it.failing('x', f);",
  ])('finds %s', (text) => {
    expect(find({ 'test/e2e/a.spec.ts': text })).toHaveLength(1);
    expect(find({ 'libs/he/src/a.spec.ts': text })).toHaveLength(1);
  });

  it.each(['/home/alice/x', '/Users/Bob/x', 'C:\\\\Users\\\\bob', "'/root/.cache'", '/tmp/x', os.homedir()])(
    'finds the machine path %s in any file',
    (place) => {
      expect(find({ 'docs/x.md': `\nsee ${place}` })).toEqual([
        expect.stringMatching(/^docs\/x\.md:2 names .* a folder of one machine$/),
      ]);
    },
  );

  it('finds the checkout and the folder around it, wherever they are', () => {
    const places = machinePaths('/checkouts/nymtally');
    expect(places.test('see /checkouts/nymtally/libs')).toBe(true);
    expect(places.test('see /checkouts/notes')).toBe(true);
    expect(places.test('see docs/checkouts/notes or /checkouts-of-others')).toBe(false);
    expect(machinePaths('/home/nymtally').test('/homes and /home')).toBe(false);
  });

  it('finds a registry host in the lock file', () => {
    expect(find({ 'package-lock.json': '{\n"resolved": "https://registry.example/x.tgz"\n}' })).toEqual([
      expect.stringMatching(/^package-lock\.json:2 names a registry host/),
    ]);
  });
});

describe('runTool', () => {
  const run = (args: readonly string[], findings: readonly { file: string; text: string; warning?: boolean }[] = []) => {
    const printed: string[] = [];
    const code = runTool({ name: 'demo', help: 'Checks demos.', check: () => findings }, args, (line) => void printed.push(line));
    return { code, text: printed.join('\n') };
  };

  it('exits 0 when clean or warned, 1 on findings, with a line each', () => {
    expect(run([])).toEqual({ code: 0, text: 'demo: ok' });
    expect(run([], [{ file: 'a', text: 'is long', warning: true }])).toEqual({ code: 0, text: 'a: warning: is long\ndemo: ok' });
    expect(run([], [{ file: 'a', text: 'is wrong' }])).toEqual({ code: 1, text: 'a: is wrong\ndemo: 1 finding' });
  });

  it('explains itself and refuses what it does not know with exit code 2', () => {
    expect(run(['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('Usage: node tools/demo.ts') });
    expect(run(['--rot', 'x'])).toMatchObject({ code: 2, text: expect.stringContaining('--rot') });
    expect(run(['--root', path.join(os.tmpdir(), 'no-such-folder')])).toMatchObject({
      code: 2,
      text: expect.stringContaining('is not a folder'),
    });
  });
});
