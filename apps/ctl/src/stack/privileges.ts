/**
 * PostgreSQL refuses to run as root. A user namespace needs no second account and works in any folder; where the system forbids
 * it (many containers), the server runs as `nobody`, which then owns its data folder.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StackError } from './stack-error.js';

/** How to spawn a command that must not be root: words before it, and spawn options. */
export interface Unprivileged {
  readonly prefix: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

/** `probe` is an executable that answers `--version`; `folder` is made, and given to the user who will write it. */
export function unprivileged(folder: string, probe: string): Unprivileged {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return { prefix: [], ids: {} };
  const [command = '', ...rest] = namespace;
  if (spawnSync(command, [...rest, probe, '--version'], { stdio: 'ignore' }).status === 0) {
    if (statSync(folder).uid !== 0) giveTo(folder, 0, 0); // an earlier run gave it to nobody
    return { prefix: namespace, ids: {} };
  }
  const ids = { uid: nobody('-u'), gid: nobody('-g') };
  giveTo(folder, ids.uid, ids.gid);
  openTheWay(path.dirname(folder));
  const reaches = spawnSync('sh', ['-c', 'cd "$0" && "$1" --version', folder, probe], { ...ids, cwd: '/', stdio: 'ignore' });
  if (reaches.status !== 0) {
    throw new StackError(
      `PostgreSQL does not run as root, and \`nobody\` cannot reach ${folder} or ${path.dirname(probe)}`,
      'start as an ordinary user, or move the clone to a folder that others may enter',
    );
  }
  return { prefix: [], ids };
}

function nobody(flag: '-u' | '-g'): number {
  const id = Number.parseInt(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout ?? '', 10);
  if (Number.isNaN(id))
    throw new StackError('PostgreSQL does not run as root, and there is no account `nobody`', 'start as an ordinary user');
  return id;
}

/** A cluster made in a user namespace belongs to root; the account that runs it now takes it over. */
export function giveTo(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    chownSync(path.join(entry.parentPath, entry.name), uid, gid);
}

/** Our own folder above the data lets others through, but not look. */
const openTheWay = (folder: string): void => chmodSync(folder, 0o711);
