/** Files of the repository: what git tracks or would track; in a folder without git, everything but what is built or installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const left = new Set(['node_modules', 'dist', '.git', 'generated', 'coverage']);

/** Paths relative to the root, with slashes, sorted. */
export function filesOf(root: string): readonly string[] {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const isTop = existsSync(path.join(root, '.git'));
  const files = isTop && git.status === 0 ? git.stdout.split('\0').filter(Boolean) : walk(root, '');
  return [...new Set(files)].filter((file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile()).sort();
}

export const readText = (root: string, file: string): string => readFileSync(path.join(root, file), 'utf8');

export const isCode = (file: string): boolean => /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts');
export const isSpec = (file: string): boolean => /\.spec\.[cm]?[jt]s$/.test(file);

function walk(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (left.has(entry.name)) return [];
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(root, file) : [file];
  });
}
