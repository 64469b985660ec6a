/** The command line that every check shares: `--help`, `--root`, one line per finding, exit code 0 clean, 1 findings, 2 could not run. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export interface Finding {
  /** Relative to the root, with slashes. */
  readonly file: string;
  readonly line?: number;
  readonly text: string;
  /** Shown, but does not fail the check. */
  readonly warning?: boolean;
}

export interface Tool {
  readonly name: string;
  /** What it checks and what to do about a finding. */
  readonly help: string;
  /** Throws ToolError when it cannot run. */
  check(root: string): readonly Finding[];
}

/** For the person who runs the tool: one line that says what to do. */
export class ToolError extends Error {}

export function runTool(tool: Tool, args: readonly string[], print: (line: string) => void = console.log): 0 | 1 | 2 {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' }, root: { type: 'string' } },
    });
    if (values.help) {
      print(
        `Usage: node tools/${tool.name}.ts [--root FOLDER]\n\n${tool.help}\n\nExit code: 0 clean, 1 findings, 2 could not run.`,
      );
      return 0;
    }
    const root = path.resolve(values.root ?? path.join(import.meta.dirname, '..'));
    if (!existsSync(root) || !statSync(root).isDirectory()) throw new ToolError(`${root} is not a folder`);
    return report(tool, tool.check(root), print);
  } catch (error) {
    const mend = error instanceof ToolError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (!mend) throw error;
    print(`${tool.name}: ${(error as Error).message}`);
    return 2;
  }
}

function report(tool: Tool, findings: readonly Finding[], print: (line: string) => void): 0 | 1 {
  const sorted = [...findings].sort((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
  for (const { file, line, text, warning } of sorted)
    print(`${file}${line === undefined ? '' : `:${line}`}: ${warning ? 'warning: ' : ''}${text}`);
  const failed = findings.filter(({ warning }) => !warning).length;
  print(`${tool.name}: ${failed === 0 ? 'ok' : `${failed} finding${failed === 1 ? '' : 's'}`}`);
  return failed === 0 ? 0 : 1;
}
