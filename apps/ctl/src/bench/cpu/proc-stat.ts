/** CPU time of processes from Linux' /proc (proc(5), "stat"): in ticks of 1/100 s, exited children of a process counted with it. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** user + system, all threads */
  readonly seconds: number;
  /** of children that have ended and were waited for */
  readonly childrenSeconds: number;
}

/** Linux has told user space 100 ticks a second on every architecture since 2.6. */
const ticksPerSecond = 100;

/** Pure. @param text of /proc/PID/stat; the name in it may hold blanks and parentheses. */
export function parseStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (place: number): number => Number(fields[place - 3]); // places as in proc(5); the third follows the name
  return {
    pid: Number.parseInt(text, 10),
    parent: number(4),
    seconds: (number(14) + number(15)) / ticksPerSecond,
    childrenSeconds: (number(16) + number(17)) / ticksPerSecond,
  };
}

/** @throws Error where there is no /proc */
export function allProcesses(): ProcessTimes[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => read(Number(pid)) ?? []);
}

/** Undefined for one that has ended. */
function read(pid: number): ProcessTimes | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Most memory a process has held so far, bytes ("VmHWM"). @throws Error where there is no /proc */
export function peakRssBytes(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kibibytes === undefined) throw new Error('the system does not tell peak memory');
  return Number(kibibytes) * 1_024;
}
