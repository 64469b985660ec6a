/** The documents behind /openapi.json, made from the built route tables, and as they are committed in docs/openapi. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ToolError } from '../tool.ts';

/** Processes that face other people. */
export const apps = ['registrar', 'nyms'];

export interface Built {
  readonly app: string;
  readonly document: object;
}

/** @throws ToolError when something is not built */
export async function builtDocuments(root: string): Promise<readonly Built[]> {
  const load = (file: string) => {
    const full = path.join(root, 'dist', file);
    if (!existsSync(full)) throw new ToolError(`dist/${file} is missing; build first: node scripts/task.mjs build`);
    return import(pathToFileURL(full).href) as Promise<Record<string, unknown>>;
  };
  const { openApiDocument } = (await load('libs/platform/src/openapi/document.js')) as {
    openApiDocument: (info: unknown, routes: unknown) => object;
  };
  return Promise.all(
    apps.map(async (app) => {
      const { apiInfo, routes } = await load(`apps/${app}/src/routes.js`);
      return { app, document: openApiDocument(apiInfo, routes) };
    }),
  );
}

export const committedFile = (app: string): string => `docs/openapi/${app}.json`;

/** Undefined when there is none yet. */
export function committedText(root: string, app: string): string | undefined {
  const file = path.join(root, committedFile(app));
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function writeCommitted(root: string, { app, document }: Built): void {
  const file = path.join(root, committedFile(app));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, stableText(document));
}

/** Members in the order of their names, so that moving code changes no line. */
export const stableText = (document: unknown): string => `${JSON.stringify(sorted(document), undefined, 2)}\n`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
