import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { FollowedFile } from './followed-file.js';

const folder = mkdtempSync(path.join(tmpdir(), 'nymtally-followed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('tells each change of a file once: written, replaced, gone, back', () => {
  const file = path.join(folder, 'file');
  const other = path.join(folder, 'other');
  writeFileSync(file, 'one');
  const followed = new FollowedFile(file);
  const changes: readonly (readonly [string, () => void])[] = [
    ['written', () => writeFileSync(file, 'longer')],
    ['replaced', () => (writeFileSync(other, 'longer'), renameSync(other, file))],
    ['gone', () => rmSync(file)],
    ['back', () => writeFileSync(file, 'longer')],
  ];
  expect(followed.look()).toBe(false);
  for (const [, change] of changes) {
    change();
    expect([followed.look(), followed.look()]).toEqual([true, false]);
  }
});

it('is stale a second after the last look, not before', () => {
  const now = performance.now;
  const followed = new FollowedFile(path.join(folder, 'none'));
  try {
    const made = now.call(performance);
    performance.now = () => made + 900;
    expect(followed.isStale).toBe(false);
    performance.now = () => made + 1_100;
    expect(followed.isStale).toBe(true);
    followed.look();
    expect(followed.isStale).toBe(false);
  } finally {
    performance.now = now;
  }
});
