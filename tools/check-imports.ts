/** Import directions, doors of libs, databases, SEAL, secret-key names and the environment, on sources. See `--help`. */
import path from 'node:path';
import {
  apps,
  computedImports,
  databaseOwners,
  libs,
  mayImport,
  notForApp,
  readsEnvironment,
  sealFolders,
  secretKeyFolder,
  secretWords,
} from './layers.ts';
import { referencesOf } from './references.ts';
import type { Reference } from './references.ts';
import { filesOf, isCode, isSpec, readText } from './sources.ts';
import { runTool } from './tool.ts';
import type { Finding, Tool } from './tool.ts';

export const checkImports: Tool = {
  name: 'check-imports',
  help: `Checks who imports whom, in sources under apps/, libs/ and test/:
  - only the libs and apps of the architecture exist;
  - libs import lower tiers only, apps import libs and no other app, the account side nothing of the pseudonym side;
  - a lib is entered through its door ('#name'), its own files by relative paths;
  - database clients ('#db/…') are used in *.repository.ts files of their owners only;
  - node-seal is imported in ${sealFolders.join(' and ')} only;
  - ${secretWords.join(', ')} occur in no file outside ${secretKeyFolder};
  - process.env is read in the config and main files of apps and in libs/platform/src/config only;
  - no import is computed.
The tables are in tools/layers.ts.`,
  check(root) {
    const files = filesOf(root).filter((file) => /^(apps|libs|test)\//.test(file));
    return [...unknownParts(files), ...files.flatMap((file) => findingsOf(root, file))];
  },
};

function unknownParts(files: readonly string[]): Finding[] {
  const known: Readonly<Record<string, readonly string[]>> = { apps, libs };
  const parts = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
  return [...parts].flatMap((part) => {
    const [kind = '', name = ''] = part.split('/');
    return known[kind] && !known[kind].includes(name)
      ? { file: part, text: `no such ${kind.slice(0, -1)} in the architecture` }
      : [];
  });
}

function findingsOf(root: string, file: string): Finding[] {
  const text = readText(root, file);
  const findings: Finding[] = secretWordFindings(file, text);
  if (!isCode(file)) return findings;
  const { imports, environment } = referencesOf(file, text);
  for (const reference of imports) {
    const problem = importProblem(file, reference);
    if (problem !== undefined) findings.push({ file, line: reference.line, text: problem });
  }
  if (!file.startsWith('test/') && !readsEnvironment(file)) {
    findings.push(
      ...environment.map((line) => ({ file, line, text: 'reads process.env: take settings from the config of the app' })),
    );
  }
  return findings;
}

function secretWordFindings(file: string, text: string): Finding[] {
  if (file.startsWith('test/') || file.startsWith(secretKeyFolder)) return [];
  const found = (line: string) => secretWords.filter((word) => line.includes(word));
  return [
    ...found(file).map((word) => ({ file, text: `is named ${word}` })),
    ...text
      .split('\n')
      .flatMap((line, i) =>
        found(line).map((word) => ({ file, line: i + 1, text: `says ${word}: only ${secretKeyFolder} may` })),
      ),
  ];
}

function importProblem(file: string, { specifier }: Reference): string | undefined {
  const [kind = '', name = ''] = file.split('/');
  if (specifier === undefined) {
    return kind === 'test' || isSpec(file) || computedImports[file]
      ? undefined
      : 'computes what it imports: nobody can check that';
  }
  if (specifier.startsWith('.')) return relativeProblem(file, specifier);
  if (specifier.startsWith('#db/')) return databaseProblem(file, specifier);
  if (specifier.startsWith('#')) return libProblem(kind, name, specifier.slice(1));
  if (/^node-seal(\/|$)/.test(specifier) && kind !== 'test' && !sealFolders.some((folder) => file.startsWith(folder))) {
    return `imports node-seal: only ${sealFolders.join(' and ')} may`;
  }
  return undefined;
}

function libProblem(kind: string, name: string, lib: string): string | undefined {
  if (!libs.includes(lib)) return `#${lib} is no lib: only the doors in package.json are imported`;
  if (kind === 'apps')
    return notForApp[name]?.includes(lib) ? `${name} may not import #${lib}: it would know the other side` : undefined;
  if (kind !== 'libs') return undefined;
  if (lib === name) return `imports its own door #${lib}: use a relative path`;
  return mayImport[name]?.includes(lib) === false ? `libs/${name} may not import #${lib}: imports go to a lower tier` : undefined;
}

/**
 * Relative paths stay in their own lib or app; specs may use test/. Tests may reach into apps, and behind the door of the one lib
 * that their folder is named after.
 */
function relativeProblem(file: string, specifier: string): string | undefined {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const part = (of: string) => of.split('/').slice(0, 2).join('/');
  if (part(target) === part(file) || (isSpec(file) && target.startsWith('test/'))) return undefined;
  if (
    file.startsWith('test/') &&
    (!target.startsWith('libs/') || part(target).slice('libs/'.length) === part(file).slice('test/'.length))
  ) {
    return undefined;
  }
  if (target.startsWith('libs/')) return `reaches into ${part(target)}: import #${target.split('/')[1]}`;
  return `reaches out of ${part(file)} into ${target}`;
}

function databaseProblem(file: string, specifier: string): string | undefined {
  const owners = databaseOwners[specifier];
  if (!owners) return `${specifier} is no database`;
  if (file.startsWith('test/')) return undefined;
  if (!owners.some((owner) => file.startsWith(`${owner}/`))) return `may not use ${specifier}: it is for ${owners.join(', ')}`;
  const repository = /\.repository\.ts$/.test(isSpec(file) ? file.replace('.spec.ts', '.ts') : file);
  return repository ? undefined : `imports ${specifier}: only *.repository.ts files may`;
}

if (import.meta.main) process.exitCode = runTool(checkImports, process.argv.slice(2));
