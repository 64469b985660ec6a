import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replaceFile, syncFolder } from './durable-file.js';

describe('a durable file', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'durable-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = () => path.join(folder, 'file');

  it('is there as a whole, for its owner only, and nothing beside it', async () => {
    await replaceFile(file(), 'first');
    await replaceFile(file(), new Uint8Array([1, 2]));
    expect([...readFileSync(file())]).toEqual([1, 2]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('is one of those that were written when several write at once', async () => {
    const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(contents.map((content) => replaceFile(file(), content)));
    expect(contents).toContain(readFileSync(file(), 'utf8'));
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('stays as it was when it cannot be written, and a folder that is not there is a fault', async () => {
    writeFileSync(file(), 'old');
    await expect(replaceFile(path.join(file(), 'below'), 'new')).rejects.toThrow('ENOTDIR');
    expect(readFileSync(file(), 'utf8')).toBe('old');
    await expect(syncFolder(path.join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});
