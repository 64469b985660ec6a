/** docs/config.md and docs/errors.md are made from the tables that processes read; this makes them, or finds them out of date. See `--help`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ToolError, runTool } from './tool.ts';
import type { Finding, Tool } from './tool.ts';

const apps = ['registrar', 'nyms', 'correlator', 'witness', 'keyholder'];

type Problems = Readonly<Record<string, { status: number; title: string; retry: string; cause: string; mend: string }>>;

/** Pure: the page of every problem type, in the order of the table. */
export function errorsPage(problems: Problems): string {
  const sections = Object.entries(problems).map(
    ([code, { status, title, retry, cause, mend }]) =>
      `## ${code}\n\n**${status} ${title}.** Retry: ${retry}.\n\n${cause}\n\n*Mend:* ${mend}\n`,
  );
  return [
    '# Errors\n',
    'Every HTTP error is `application/problem+json` (RFC 9457); its `type` is the path of a page like the sections below, served by the process',
    'itself at `/errors/<code>`. `POST /v1/signals` answers as RFC 8935 says instead: see the [hub guide](hub-guide.md).\n',
    sections.join('\n'),
  ].join('\n');
}

export function configPage(tables: readonly string[]): string {
  return [
    '# Configuration\n',
    'Read once at start. An unknown variable with a process’s prefix is an error; secrets are files and print as `[secret]`.\n',
    tables.join('\n'),
  ].join('\n');
}

async function pages(root: string): Promise<Readonly<Record<string, string>>> {
  const built = async (file: string) => {
    const full = path.join(root, 'dist', file);
    if (!existsSync(full))
      throw new ToolError(`${path.relative(root, full)} is missing; build first: node scripts/task.mjs build`);
    return (await import(pathToFileURL(full).href)) as Record<string, never>;
  };
  const { configTable } = (await built('libs/platform/src/index.js')) as unknown as { configTable(definition: unknown): string };
  const { problems } = (await built('libs/contracts/src/index.js')) as unknown as { problems: Problems };
  const tables = [];
  for (const app of apps) tables.push(configTable((await built(`apps/${app}/src/config.js`))['config']));
  return { 'docs/config.md': configPage(tables), 'docs/errors.md': errorsPage(problems) };
}

export const generatedDocs = (made: Readonly<Record<string, string>>): Tool => ({
  name: 'generated-docs',
  help: `Compares docs/config.md and docs/errors.md with the tables they are made from. --write makes them anew instead.
Needs a build (node scripts/task.mjs build).`,
  check: (root): readonly Finding[] =>
    Object.entries(made).flatMap(([file, text]) =>
      existsSync(path.join(root, file)) && readFileSync(path.join(root, file), 'utf8') === text
        ? []
        : [{ file, text: 'is not what its table says; run: node tools/generated-docs.ts --write' }],
    ),
});

if (process.argv[1] === import.meta.filename) {
  const root = path.join(import.meta.dirname, '..');
  const write = process.argv.includes('--write');
  try {
    const made = await pages(root);
    if (write) for (const [file, text] of Object.entries(made)) writeFileSync(path.join(root, file), text);
    process.exitCode = runTool(
      generatedDocs(made),
      process.argv.slice(2).filter((word) => word !== '--write'),
    );
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    console.log(`generated-docs: ${error.message}`);
    process.exitCode = 2;
  }
}
