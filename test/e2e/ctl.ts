/** The command line as its users run it: as a process of its own. */
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../apps/ctl/src/config.js';
import { root } from '../../apps/ctl/src/stack/root.js';

const main = path.join(root, 'dist', 'apps', 'ctl', 'src', 'main.js');

export interface Ran {
  readonly code: number;
  /** What it wrote, errors included when it failed. */
  readonly output: string;
}

export interface Place {
  /** Of a running service. */
  readonly dataDir?: string;
  /** Where npm was called; the process's own folder by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function commandOf({ dataDir, cwd, env: more }: Place, args: readonly string[]) {
  const env = { ...childEnvironment(), ...(cwd !== undefined && { INIT_CWD: cwd }), ...more };
  return { command: [main, ...(dataDir === undefined ? [] : ['--data', dataDir]), ...args], env };
}

/** @param place asked at each call: a service may not be there yet. */
export const ctlAt =
  (place: () => Place) =>
  async (...args: readonly string[]): Promise<Ran> => {
    const { command, env } = commandOf(place(), args);
    try {
      const { stdout } = await promisify(execFile)(process.execPath, command, { env });
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  };

/** One that goes on until it is ended. */
export function startCtl(place: Place, ...args: readonly string[]): ChildProcessWithoutNullStreams {
  const { command, env } = commandOf(place, args);
  return spawn(process.execPath, command, { env });
}

export type Ctl = ReturnType<typeof ctlAt>;

/** `npm run ctl -- …` as npm runs it: in the folder of the package, told where it was typed. Any other use of npm fails. */
const asNpm = `npm() { [ "$1 $2 $3" = 'run ctl --' ] && shift 3 && (INIT_CWD="$PWD" && export INIT_CWD && cd / && "$NODE" "$MAIN" "$@"); }`;

/** A block of commands of a page, as a shell runs it: to the first that fails. */
export async function runBlock(
  block: string,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const given = { ...childEnvironment(), NODE: process.execPath, MAIN: main, ...env };
  try {
    const { stdout } = await promisify(execFile)('sh', ['-euc', `${asNpm}\n${block}`], { cwd, env: given });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

/** What a command that must not fail has printed. */
export async function succeeded(ran: Promise<Ran>): Promise<string> {
  const { code, output } = await ran;
  if (code !== 0) throw new Error(`ctl ended with ${code}: ${output}`);
  return output;
}

/** Asked for by the first, approved by the others. @param ask without who asks. @returns the request's id, for `request execute` */
export async function approvedBy(
  ctl: Ctl,
  [requester, ...approvers]: readonly string[],
  ask: readonly string[],
): Promise<string> {
  const output = await succeeded(ctl(...ask, '--as', requester!));
  const id = /`ctl approve (\S+)`/.exec(output)?.[1];
  if (id === undefined) throw new Error(`nothing was asked for: ${output}`);
  for (const person of approvers) await succeeded(ctl('approve', id, '--yes', '--as', person));
  return id;
}
