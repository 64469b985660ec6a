/** Processes of an earlier run that was killed: who they are, and how they go. A number alone is never trusted, numbers are re-used. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Command line of a running process, or undefined when there is none with this number (or only its remains). */
export function commandOf(pid: number): string | undefined {
  const command =
    process.platform === 'linux'
      ? fromProc(pid)
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command?.trim() || undefined;
}

/** Smaller systems have no `ps`. */
function fromProc(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return undefined;
  }
}

/** Asks with `signal`, waits, then insists with SIGKILL. True when a process whose command line has `words` was there. */
export async function endLeftBehind(pid: number, words: string, signal: NodeJS.Signals, patienceMs = 10_000): Promise<boolean> {
  const isIt = () => commandOf(pid)?.includes(words) ?? false;
  if (!isIt()) return false;
  process.kill(pid, signal);
  const end = performance.now() + patienceMs;
  while (isIt() && performance.now() < end) await sleep(25);
  if (isIt()) process.kill(pid, 'SIGKILL');
  while (isIt()) await sleep(25);
  return true;
}
