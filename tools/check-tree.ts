/** What reviewers would else have to look for in every file. See `--help`. */
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { filesOf, isCode, isSpec, readText } from './sources.ts';
import { runTool } from './tool.ts';
import type { Finding, Tool } from './tool.ts';

const WARN_LINES = 250;
const MOST_LINES = 400;

export const checkTree: Tool = {
  name: 'check-tree',
  help: `Checks every file of the repository:
  - code files over ${MOST_LINES} lines fail, over ${WARN_LINES} lines warn: split them by idea;
  - no comment switches the type checker or a lint rule off;
  - no test is focused, skipped or left to do;
  - no file names a folder of one machine (its home, its checkout, /tmp): use paths relative to the repository, os.tmpdir() and mkdtemp;
  - the lock file names no registry host.`,
  check(root) {
    const machine = machinePaths(root);
    return filesOf(root).flatMap((file) => {
      if (isBinary(file)) return [];
      const text = readText(root, file);
      return [
        ...lockFindings(file, text),
        ...(file.endsWith('package-lock.json') ? [] : pathFindings(file, text, machine)),
        ...(isCode(file) ? [...lengthFindings(file, text), ...skipFindings(file, text)] : []),
        ...(isCode(file) && (isSpec(file) || file.startsWith('test/')) ? testFindings(file, text) : []),
      ];
    });
  },
};

const isBinary = (file: string): boolean => /\.(png|jpe?g|gif|ico|woff2?|wasm|bin|gz|zip|pdf)$/.test(file);

/** The check's own sources have to spell what they look for. */
const isOwn = (file: string): boolean => /^tools\/check-tree(\.spec)?\.ts$/.test(file);

function lengthFindings(file: string, text: string): Finding[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > MOST_LINES) return [{ file, text: `has ${lines} lines, more than ${MOST_LINES}` }];
  return lines > WARN_LINES ? [{ file, text: `has ${lines} lines, more than ${WARN_LINES}`, warning: true }] : [];
}

const switchedOff = /@ts-(ignore|nocheck|expect-error)|eslint-disable|prettier-ignore|istanbul ignore|c8 ignore/;

function skipFindings(file: string, text: string): Finding[] {
  if (isOwn(file)) return [];
  return linesWith(text, switchedOff).map(([line, found]) => ({
    file,
    line,
    text: `${found} switches a check off: mend what it hides`,
  }));
}

/** `it.only`, `describe.skip`, `test.todo`, also without a call, `xit`, `fdescribe` and their kin. */
function testFindings(file: string, text: string): Finding[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const found = offTest(node);
    if (found !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      findings.push({ file, line, text: `${found}: every test runs, always` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function offTest(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && /^(only|skip|todo|failing)$/.test(node.name.text)) {
    return /^(it|test|describe)\b/.test(node.expression.getText()) ? `${node.expression.getText()}.${node.name.text}` : undefined;
  }
  if (ts.isCallExpression(node) && /^([xf](it|test|describe)|pending)$/.test(node.expression.getText()))
    return node.expression.getText();
  return undefined;
}

/** Places that say nothing about one machine. */
const anywhere = new Set(['/', '/home', '/Users', '/usr', '/var', '/opt', '/srv', '/private']);

/** This checkout and the folder around it, its owner's home, and folders that exist on some machines only. */
export function machinePaths(root: string): RegExp {
  const own = [path.resolve(root), path.dirname(path.resolve(root)), os.homedir()].filter((place) => !anywhere.has(place));
  const named = own.map((place) => place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const common = ['/home/[a-z][\\w-]*', '/Users/[A-Za-z][\\w-]*', '/root', '/tmp', '[A-Z]:\\\\+Users'];
  return new RegExp(`(?<![\\w.~/-])(${[...named, ...common].join('|')})(?![\\w-])`);
}

function pathFindings(file: string, text: string, machine: RegExp): Finding[] {
  if (isOwn(file)) return [];
  return linesWith(text, machine).map(([line, found]) => ({ file, line, text: `names ${found}, a folder of one machine` }));
}

const lockFindings = (file: string, text: string): Finding[] =>
  file.endsWith('package-lock.json')
    ? linesWith(text, /"resolved": "https?:\/\//).map(([line]) => ({
        file,
        line,
        text: 'names a registry host: leave `resolved` out',
      }))
    : [];

function linesWith(text: string, pattern: RegExp): (readonly [number, string])[] {
  return text.split('\n').flatMap((line, i) => {
    const [found] = pattern.exec(line) ?? [];
    return found === undefined ? [] : [[i + 1, found] as const];
  });
}

if (import.meta.main) process.exitCode = runTool(checkTree, process.argv.slice(2));
