import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const libs = path.resolve(import.meta.dirname, '../..');
const imports = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every module reached from a file of ours; packages are named, not entered. */
function reached(file: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(file)) return seen;
  const source = readFileSync(file, 'utf8');
  seen.set(file, source);
  for (const [, plain, dynamic] of source.matchAll(imports)) {
    const name = plain ?? dynamic ?? '';
    if (name.startsWith('.')) reached(path.resolve(path.dirname(file), name.replace(/\.js$/, '.ts')), seen);
    else if (name.startsWith('#')) reached(path.join(libs, name.slice(1), 'src/index.ts'), seen);
    else seen.set(name, '');
  }
  return seen;
}

describe('the client SDK', () => {
  const modules = reached(path.join(libs, 'client-sdk/src/index.ts'));

  it('reaches no Node module and no package but three that run in a browser', () => {
    const packages = [...modules.keys()].filter((name) => !path.isAbsolute(name));
    expect(packages.sort()).toEqual(['@hpke/core', 'canonicalize', 'zod']);
    const require = createRequire(import.meta.url);
    for (const name of packages) expect(existsSync(require.resolve(name))).toBe(true);
  });

  it('imports no lib of ours but contracts and tickets', () => {
    const used = [...modules.keys()]
      .filter((name) => path.isAbsolute(name))
      .map((name) => path.relative(libs, name).split('/')[0]);
    expect([...new Set(used)].sort()).toEqual(['client-sdk', 'contracts', 'tickets']);
  });

  it('uses no global that only Node has without asking first', () => {
    for (const [name, source] of modules) {
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect({ name, found: /\bprocess\.|\b__dirname\b|\brequire\(/.test(code) }).toEqual({ name, found: false });
      if (/\bBuffer\./.test(code)) expect(code).toContain("typeof Buffer !== 'undefined'");
    }
  });
});
