/** The OpenAPI documents of the processes that face other people: whole, committed, and keeping earlier promises. See `--help`. */
import path from 'node:path';
import { breakingChanges } from './openapi/breaking-changes.ts';
import type { OpenApi } from './openapi/breaking-changes.ts';
import { apps, builtDocuments, committedFile, committedText, stableText, writeCommitted } from './openapi/documents.ts';
import type { Built } from './openapi/documents.ts';
import { lint } from './openapi/lint.ts';
import { runTool, ToolError } from './tool.ts';
import type { Finding, Tool } from './tool.ts';

const command = 'node tools/check-openapi.ts';

export const checkOpenApi = (documents: readonly Built[]): Tool => ({
  name: 'check-openapi',
  help: `Checks the documents behind /openapi.json of ${apps.join(' and ')}, made from apps/<app>/src/routes.ts:
  - version, information, unique operation ids, summaries, answers of success and problems, declared path parameters, references that
    lead somewhere;
  - ${committedFile('<app>')} is the same document;
  - nothing that the committed document promises is broken: a path, method, answer, media type or field that is gone, a field or parameter
    that a request must have now, a request that takes less, an answer that may say more than it could or leave a field out.

--write makes docs/openapi anew, unless a promise is broken; with --breaking it does so even then: say why in the commit and in CHANGELOG.md.
Needs a build (node scripts/task.mjs build).`,
  check: (root) =>
    documents.flatMap((built): Finding[] => [
      ...lint(built.document).map((text) => ({ file: `apps/${built.app}/src/routes.ts`, text })),
      ...promiseFindings(root, built),
    ]),
});

function promiseFindings(root: string, { app, document }: Built): Finding[] {
  const file = committedFile(app);
  const before = committedText(root, app);
  if (before === undefined) return [{ file, text: `is missing; run: ${command} --write` }];
  if (before === stableText(document)) return [];
  const broken = breakingChanges(parsed(file, before), document as OpenApi);
  const flags = broken.length === 0 ? '--write' : '--write --breaking, if that is meant';
  return [
    ...broken.map((line) => ({ file, text: `${line} (breaking)` })),
    { file, text: `is not what the routes say; run: ${command} ${flags}` },
  ];
}

/** Writes what may be written. @returns the promises that keep it from writing */
export function writeDocuments(root: string, documents: readonly Built[], breaking: boolean): readonly string[] {
  const broken = documents.flatMap(({ app, document }) => {
    const before = committedText(root, app);
    return before === undefined ? [] : breakingChanges(parsed(committedFile(app), before), document as OpenApi);
  });
  if (broken.length === 0 || breaking) for (const built of documents) writeCommitted(root, built);
  return breaking ? [] : broken;
}

function parsed(file: string, text: string): OpenApi {
  try {
    return JSON.parse(text) as OpenApi;
  } catch {
    throw new ToolError(`${file} is no JSON: take it from git again`);
  }
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '..');
  const own = ['--write', '--breaking'];
  const args = process.argv.slice(2);
  try {
    const documents = await builtDocuments(root);
    if (args.includes('--write')) writeDocuments(root, documents, args.includes('--breaking'));
    process.exitCode = runTool(
      checkOpenApi(documents),
      args.filter((word) => !own.includes(word)),
    );
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    console.log(`check-openapi: ${error.message}`);
    process.exitCode = 2;
  }
}
