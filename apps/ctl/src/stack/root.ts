/** Folder of package.json, from where this file is built to or read from. */
import { existsSync } from 'node:fs';
import path from 'node:path';

function find(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const above = path.dirname(folder);
  if (above === folder) throw new Error('package.json of nymtally is not above this file');
  return find(above);
}

export const root = find(import.meta.dirname);
