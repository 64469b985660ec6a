/** What each built app can reach, walked from its main file: imports of sources may be in order and the app still load what it must not. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { apps } from './layers.ts';
import { referencesOf } from './references.ts';
import { runTool, ToolError } from './tool.ts';
import type { Finding, Tool } from './tool.ts';

/** Processes that must never be able to touch a ciphertext: account side and pseudonym side. */
const withoutSeal = ['registrar', 'nyms'];

export const checkBundle: Tool = {
  name: 'check-bundle',
  help: `Walks the imports of each built app from dist/apps/<app>/src/main.js, through '#' doors, worker files and package names:
  - ${withoutSeal.join(' and ')} reach neither node-seal nor any file of libs/he, whose workers load it;
  - no app but keyholder reaches a file of apps/keyholder, and no app reaches another app;
  - every relative import and '#' door leads to a built file.
A finding shows the chain of imports. Build first: node scripts/task.mjs build.`,
  check(root) {
    const built = apps.filter((app) => existsSync(path.join(root, mainOf(app))));
    if (built.length === 0) throw new ToolError('nothing is built: run `node scripts/task.mjs build` first');
    const doors = doorsOf(root);
    const missing = apps.filter((app) => existsSync(path.join(root, 'apps', app, 'src/main.ts')) && !built.includes(app));
    return [
      ...missing.map((app) => ({ file: mainOf(app), text: 'is not built' })),
      ...built.flatMap((app) => findingsOf(app, walk(root, doors, mainOf(app)))),
    ];
  },
};

const mainOf = (app: string): string => `dist/apps/${app}/src/main.js`;

/** What was reached, each with who imported it first. Files are relative to the root; packages stand as their names. */
interface Walk {
  readonly importers: ReadonlyMap<string, string | undefined>;
  readonly broken: readonly { file: string; line: number; specifier: string }[];
}

type Doors = Readonly<Record<string, string>>;

function doorsOf(root: string): Doors {
  const { imports = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { imports?: Doors };
  return Object.fromEntries(Object.entries(imports).map(([name, target]) => [name, path.posix.normalize(target)]));
}

function walk(root: string, doors: Doors, main: string): Walk {
  const importers = new Map<string, string | undefined>([[main, undefined]]);
  const broken: { file: string; line: number; specifier: string }[] = [];
  for (const file of importers.keys()) {
    if (!file.startsWith('dist/')) continue; // a package: its name is enough
    for (const { specifier, line } of referencesOf(file, readFileSync(path.join(root, file), 'utf8')).imports) {
      if (specifier === undefined || specifier.startsWith('node:')) continue;
      const target = resolve(doors, file, specifier);
      if (target === undefined || (target.startsWith('dist/') && !existsSync(path.join(root, target))))
        broken.push({ file, line, specifier });
      else if (!importers.has(target)) importers.set(target, file);
    }
  }
  return { importers, broken };
}

function resolve(doors: Doors, file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
  if (specifier.startsWith('#')) return doors[specifier];
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function findingsOf(app: string, { importers, broken }: Walk): Finding[] {
  const reached = [...importers.keys()];
  const forbidden = reached.filter((target) => reason(app, target) !== undefined);
  // one finding per way in: what a forbidden file imports in turn adds nothing
  const first = forbidden.filter((target) => !forbidden.includes(importers.get(target) ?? ''));
  return [
    ...first.map((target) => ({
      file: mainOf(app),
      text: `${app} reaches ${target}: ${reason(app, target)}\n    ${chain(importers, target)}`,
    })),
    ...broken.map(({ file, line, specifier }) => ({ file, line, text: `imports ${specifier}, which is not built` })),
  ];
}

function reason(app: string, target: string): string | undefined {
  if (withoutSeal.includes(app) && (target === 'node-seal' || target.startsWith('dist/libs/he/')))
    return 'it must not be able to touch a ciphertext';
  const [, other] = /^dist\/apps\/([^/]+)\//.exec(target) ?? [];
  if (other === undefined || other === app) return undefined;
  return other === 'keyholder' ? 'only the key holder has its code' : 'apps do not import each other';
}

function chain(importers: ReadonlyMap<string, string | undefined>, target: string): string {
  const steps: string[] = [];
  for (let at: string | undefined = target; at !== undefined; at = importers.get(at)) steps.unshift(at.replace(/^dist\//, ''));
  return steps.join(' → ');
}

if (import.meta.main) process.exitCode = runTool(checkBundle, process.argv.slice(2));
