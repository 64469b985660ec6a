/**
 * Processes of an earlier run that was killed: who they are, and how they go. A number alone is never trusted, numbers are re-used:
 * a process is known by number and start.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Command line of a running process, or undefined when there is none with this number (or only its remains). */
export function commandOf(pid: number): string | undefined {
  const command = process.platform === 'linux' ? fromProc(pid, 'cmdline')?.replaceAll('\0', ' ') : ps(pid, 'command=');
  return command?.trim() || undefined;
}

/** When a running process started, in the system's own words; the same number at another time says something else. */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'lstart=')?.trim() || undefined;
  const fields = fromProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19]; // clock ticks since boot; a zombie runs no more
}

/** Asks with `signal`, waits, then insists with SIGKILL; returns when `isIt` no longer holds. */
export async function end(pid: number, isIt: () => boolean, signal: NodeJS.Signals, patienceMs = 10_000): Promise<void> {
  if (!isIt()) return;
  send(pid, signal);
  const limit = performance.now() + patienceMs;
  while (isIt() && performance.now() < limit) await sleep(25);
  if (isIt()) send(pid, 'SIGKILL');
  while (isIt()) await sleep(25);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just gone by itself
  }
}

/** Smaller systems have no `ps`. */
function fromProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

const ps = (pid: number, format: string): string | undefined =>
  spawnSync('ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8' }).stdout;
