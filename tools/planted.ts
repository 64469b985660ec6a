/** For specs of the checks: a throw-away repository with the given files, and what a tool finds in it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Finding, Tool } from './tool.ts';

export function findingsIn(tool: Tool, files: Readonly<Record<string, string>>): readonly Finding[] {
  const root = mkdtempSync(path.join(os.tmpdir(), 'planted-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return tool.check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** `file:line text` per finding. */
export const linesIn = (tool: Tool, files: Readonly<Record<string, string>>): readonly string[] =>
  findingsIn(tool, files).map(({ file, line, text }) => `${file}${line === undefined ? '' : `:${line}`} ${text}`);
