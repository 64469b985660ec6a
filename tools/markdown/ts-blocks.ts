/** Fenced TypeScript of Markdown files, type-checked against the sources as they are, without writing a file. */
import path from 'node:path';
import ts from 'typescript';
import { ToolError } from '../tool.ts';
import type { Finding } from '../tool.ts';

export interface Block {
  readonly file: string;
  /** Line of the fence; the first line of code is the next. */
  readonly line: number;
  readonly code: string;
}

/** Fenced blocks marked `ts` or `typescript`, indented ones too. */
export function blocksOf(file: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; wanted: boolean; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence, language] = /^\s*(`{3,})\s*([\w-]*)/.exec(line) ?? [];
    if (!open && fence) open = { fence, wanted: language === 'ts' || language === 'typescript', line: index + 1, lines: [] };
    else if (open && line.trim() === open.fence) {
      if (open.wanted) blocks.push({ file, line: open.line, code: open.lines.join('\n') });
      open = undefined;
    } else open?.lines.push(line);
  }
  return blocks;
}

/** Each block as a module of its own, with the options of tsconfig.json. */
export function compile(root: string, blocks: readonly Block[]): readonly Finding[] {
  const options = optionsOf(root);
  const virtual = new Map(blocks.map((block, index) => [path.join(root, `docs-block-${index}.ts`), block]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  // `export {}` makes it a module, so that names of two blocks do not meet
  const textOf = (name: string) => (virtual.has(name) ? `${virtual.get(name)?.code}\nexport {};\n` : undefined);
  host.fileExists = (name) => virtual.has(name) || fileExists(name);
  host.readFile = (name) => textOf(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = textOf(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, rest[0]);
  };
  const program = ts.createProgram([...virtual.keys()], options, host);
  return [...virtual].flatMap(([name, block]) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => ({
      file: block.file,
      line: block.line + 1 + (source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0),
      text: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
    }));
  });
}

function optionsOf(root: string): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, (name) => ts.sys.readFile(name));
  if (error) throw new ToolError(`${file} cannot be read`);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  return { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false, types: ['node'] };
}
