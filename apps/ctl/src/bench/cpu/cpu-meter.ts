/** CPU seconds of the service by process: five apps and three PostgreSQL clusters with all their backends, ended ones included. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { appNames, folders } from '../../stack/app-specs.js';
import { databases } from '../../stack/migrate.js';
import type { Stack } from '../../stack/stack.js';
import { allProcesses } from './proc-stat.js';
import type { ProcessTimes } from './proc-stat.js';

/** Seconds by process name. */
export type CpuSeconds = ReadonlyMap<string, number>;

/** Since each process began. @throws Error where there is no /proc */
export function cpuSeconds(stack: Stack): CpuSeconds {
  const processes = allProcesses();
  const of = (pid: number | undefined) => processes.find((one) => one.pid === pid);
  const apps = appNames.map((name) => [name, of(stack.processes[name].pid)?.seconds ?? 0] as const);
  const clusters = databases.map((name) => [`postgres ${name}`, clusterSeconds(processes, postmaster(stack, name))] as const);
  return new Map([...apps, ...clusters]);
}

/** The server and its live backends; the server has counted those that ended. */
export function clusterSeconds(processes: readonly ProcessTimes[], server: number): number {
  const own = processes.find(({ pid }) => pid === server);
  const backends = processes.filter(({ parent }) => parent === server);
  return [own, ...backends].reduce((sum, one) => sum + (one?.seconds ?? 0), own?.childrenSeconds ?? 0);
}

const postmaster = ({ dataDir }: Stack, database: string): number =>
  Number.parseInt(readFileSync(path.join(folders(dataDir).postgres, database, 'postmaster.pid'), 'utf8'), 10);

/** What was used in between. */
export const cpuBetween = (before: CpuSeconds, after: CpuSeconds): CpuSeconds =>
  new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));

export const totalOf = (seconds: CpuSeconds): number => [...seconds.values()].reduce((sum, one) => sum + one, 0);

/** Milliseconds for one of `count` items, by process, the idle ones left out. */
export const perItem = (seconds: CpuSeconds, count: number): string =>
  [...seconds]
    .filter(([, own]) => own / count >= 0.000_05)
    .map(([name, own]) => `${name} ${((own / count) * 1_000).toFixed(2)}`)
    .join(', ');
