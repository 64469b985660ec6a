/**
 * One embedded PostgreSQL cluster: made on first use, started on a free port of the loopback interface, stopped with its owner.
 *
 * The server is started through a shell that reads a pipe of ours: when this process dies in any way, the pipe closes and
 * the server stops cleanly. It has its own process group, so Ctrl-C reaches it only through us, after the apps. Its log has no
 * statements and no row values (log_error_verbosity, log_min_error_statement): they could hold what the tables keep apart.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { childEnvironment } from '../config.js';
import { ClusterTemplate } from './cluster-template.js';
import { freePort } from './free-port.js';
import { commandOf, end } from './left-behind.js';
import { postgresBinaries } from './postgres-binaries.js';
import { giveTo, unprivileged } from './privileges.js';
import type { Unprivileged } from './privileges.js';
import { StackError } from './stack-error.js';

export interface PostgresOptions {
  /** Data folder, absolute; the folder above it must be ours too. */
  readonly folder: string;
  /** Of the superuser `owner`; a cluster keeps the one it was made with. */
  readonly password: string;
  readonly logFile: string;
  /** Nothing left afterwards, for tests and `--once`: what was committed outlives the server's crash, not the machine's. */
  readonly ephemeral?: boolean;
  /** Any free one by default. */
  readonly port?: number;
}

export interface Postgres {
  readonly port: number;
  readonly pid: number;
  /** Superuser URL of a database of this cluster. */
  url(database: string): string;
  /** Clean stop; an ephemeral cluster is removed. */
  stop(): Promise<void>;
  /** kill −9 of the whole server, for fault tests. The cluster stays and can be started again. */
  kill(): Promise<void>;
}

export const superuser = 'owner';

/** Starts a cluster. A server that a killed run left behind is stopped first. Throws StackError. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const bin = postgresBinaries();
  makeFolder(path.dirname(options.folder));
  await endPrevious(options.folder);
  const user = unprivileged(options.folder, path.join(bin, 'postgres'));
  const isNew = !existsSync(path.join(options.folder, 'PG_VERSION'));
  const password = isNew ? makeCluster(bin, user, options) : options.password;
  const port = options.port ?? (await freePort());
  const { child, exited } = run(bin, user, port, options);
  await ready(child, exited, options);
  const urlWith = (word: string) => (database: string) => `postgresql://${superuser}:${word}@127.0.0.1:${port}/${database}`;
  const url = urlWith(options.password);
  if (password !== options.password) await changePassword(urlWith(password)('postgres'), options.password);
  const pid = postmaster(options.folder)?.pid ?? 0;
  return {
    port,
    pid,
    url,
    async stop() {
      child.stdio[3]?.destroy();
      await exited;
      if (options.ephemeral) rmSync(options.folder, { recursive: true, force: true });
    },
    async kill() {
      process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

/** The server with its watcher: $p stays a child of the shell until `wait`, so the watcher never signals a stranger. */
const watched = `"$@" 3<&- & p=$!
(cat >/dev/null; kill -INT $p) <&3 & w=$!
wait $p; code=$?
kill $w 2>/dev/null
exit $code`;

function run(bin: string, { prefix, ids }: Unprivileged, port: number, { folder, logFile, ephemeral }: PostgresOptions) {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(ephemeral ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  const server = [
    ...prefix,
    path.join(bin, 'postgres'),
    '-D',
    folder,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn('sh', ['-c', watched, 'sh', ...server], {
    ...ids,
    cwd: folder,
    env: environment(),
    stdio: ['ignore', log, log, 'pipe'],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      child.stdio[3]?.destroy(); // lets the watcher go, and this process end
      resolve();
    });
    child.once('error', () => resolve());
  });
  return { child, exited };
}

/** The server writes its state into the eighth line of its lock file; a killed one left such a file too, but no process. */
async function ready(child: ChildProcess, exited: Promise<void>, { folder, logFile }: PostgresOptions): Promise<void> {
  let gone = false;
  void exited.then(() => (gone = true));
  for (const limit = performance.now() + 60_000; performance.now() < limit; await sleep(20)) {
    if (gone) break;
    const server = postmaster(folder);
    if (server?.state === 'ready' && commandOf(server.pid)?.includes(folder)) return;
  }
  child.stdio[3]?.destroy();
  await exited;
  const [last = 'no reason given'] = readFileSync(logFile, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => /FATAL|PANIC|HINT|error/.test(line))
    .slice(-1);
  throw new StackError(
    `PostgreSQL did not start in ${folder} (${last.replace(/^.*?(FATAL|PANIC|HINT): */, '')})`,
    `see ${logFile}`,
  );
}

/** @returns the password it has, which a copy has of its template */
function makeCluster(bin: string, user: Unprivileged, options: PostgresOptions): string {
  const { folder, password, ephemeral } = options;
  if (!ephemeral) {
    initialise(bin, user, options);
    return password;
  }
  const template = new ClusterTemplate(path.join(bin, 'initdb'), initialOptions);
  const copied = template.copyTo(folder);
  if (copied === undefined) {
    initialise(bin, user, options);
    template.keep(folder, password);
    return password;
  }
  if (user.ids.uid !== undefined && user.ids.gid !== undefined) giveTo(folder, user.ids.uid, user.ids.gid);
  return copied;
}

async function changePassword(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER ROLE ${client.escapeIdentifier(superuser)} PASSWORD ${client.escapeLiteral(password)}`);
  await client.end();
}

const initialOptions = ['-U', superuser, '-A', 'scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'] as const;

function initialise(bin: string, { prefix, ids }: Unprivileged, { folder, password, ephemeral }: PostgresOptions): void {
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(passwordFile, ids.uid, ids.gid);
  const [command = '', ...args] = [
    ...[...prefix, path.join(bin, 'initdb'), '-D', folder, `--pwfile=${passwordFile}`, ...initialOptions],
    ...(ephemeral ? ['--no-sync'] : []),
  ];
  const { status, stderr, error } = spawnSync(command, args, { ...ids, cwd: folder, env: environment(), encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (status === 0) return;
  const [reason = 'no reason given'] = (error?.message ?? stderr).split('\n').filter((line) => /error|fatal/i.test(line));
  throw new StackError(
    `PostgreSQL could not make its data folder ${folder} (${reason})`,
    'check free space and permissions, remove that folder, start again',
  );
}

async function endPrevious(folder: string): Promise<void> {
  const before = postmaster(folder);
  if (before === undefined) return;
  await end(before.pid, () => commandOf(before.pid)?.includes(folder) ?? false, 'SIGINT');
  // another process has its number now, so PostgreSQL would not dare to remove the file itself
  if (commandOf(before.pid) !== undefined) rmSync(path.join(folder, 'postmaster.pid'), { force: true });
}

function postmaster(folder: string): { pid: number; state: string | undefined } | undefined {
  try {
    const lines = readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), state: lines[7]?.trim() };
  } catch {
    return undefined;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new StackError(
      `${folder} cannot be made (${(error as NodeJS.ErrnoException).code})`,
      'give write permission there, or choose another folder with --data',
    );
  }
}

/** PG* variables of the user would change what initdb and the server do. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: childEnvironment()['PATH'], TMPDIR: os.tmpdir(), LC_ALL: 'C' });
