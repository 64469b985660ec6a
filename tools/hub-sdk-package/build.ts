/**
 * `@nymtally/hub-sdk` as it is published: the hub SDK and what it uses of contracts and audit, as ES modules with their types, under
 * dist/packages/hub-sdk. `npm pack ./dist/packages/hub-sdk` makes the archive. See `--help`.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { readText } from '../sources.ts';
import { ToolError } from '../tool.ts';
import { Doors } from './doors.ts';
import { reachedFrom } from './module-graph.ts';

const help = `Usage: node scripts/task.mjs build:hub-sdk

Builds the package @nymtally/hub-sdk (ES modules and types) into dist/packages/hub-sdk.

Example: node scripts/task.mjs build:hub-sdk && npm pack ./dist/packages/hub-sdk`;

const packageName = 'hub-sdk';
const entry = `${packageName}/index.js`;

/** @param target an empty or absent folder; it is made anew. */
export function buildPackage(root: string, target: string): void {
  const doors = new Doors((file) => readText(root, file));
  const flat = new Map<string, string>();
  const read = (module: string): string => {
    let text = flat.get(module);
    if (text === undefined) flat.set(module, (text = doors.flattened(module)));
    return text;
  };
  reachedFrom(entry, read, { withLater: true });
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const own = path.join(root, 'packages', packageName);
  for (const name of ['package.json', 'README.md']) cpSync(path.join(own, name), path.join(target, name));
  cpSync(path.join(root, 'LICENSE'), path.join(target, 'LICENSE'));
  for (const [file, text] of compiled(path.join(own, 'lib'), flat)) {
    const out = path.join(target, 'lib', file);
    mkdirSync(path.dirname(out), { recursive: true });
    writeFileSync(out, text);
  }
}

/** JavaScript and declarations by their paths under `lib`. The sources exist in memory only, as if they lay beside package.json. */
function compiled(lib: string, modules: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const sources = new Map([...modules].map(([module, text]) => [path.join(lib, module.replace(/\.js$/, '.ts')), text]));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    strict: true,
    declaration: true,
    skipLibCheck: true,
    noEmitOnError: true,
    rootDir: lib,
    outDir: lib,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  const folders = new Set([...sources.keys()].map((file) => path.dirname(file)));
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.directoryExists = (folder) => folders.has(folder) || (directoryExists?.(folder) ?? true);
  host.getSourceFile = (file, languageVersionOrOptions, ...rest) => {
    const text = sources.get(file);
    return text === undefined
      ? getSourceFile(file, languageVersionOrOptions, ...rest)
      : ts.createSourceFile(file, text, languageVersionOrOptions);
  };
  const out = new Map<string, string>();
  host.writeFile = (file, text) => void out.set(path.relative(lib, file), text);
  const program = ts.createProgram([...sources.keys()], options, host);
  const { diagnostics } = program.emit();
  const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (faults.length > 0)
    throw new ToolError(ts.formatDiagnostics(faults.slice(0, 10), { ...host, getCurrentDirectory: () => lib }).trim());
  return out;
}

if (import.meta.main) {
  const root = path.resolve(import.meta.dirname, '..', '..');
  if (process.argv.includes('--help')) console.log(help);
  else {
    buildPackage(root, path.join(root, 'dist', 'packages', packageName));
    console.log('dist/packages/hub-sdk: pack it with npm pack ./dist/packages/hub-sdk');
  }
}
