/**
 * `run.json` in the data folder: which launcher uses it, and which processes it started. It keeps two launchers apart, lets
 * `ctl` find the addresses, and lets the next start end what a killed one left behind.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { end, startOf } from './left-behind.js';
import { StackError } from './stack-error.js';

export interface RunningProcess {
  readonly pid: number;
  readonly started: string;
}

export interface RunRecord {
  readonly launcher: RunningProcess;
  readonly processes: Readonly<Record<string, RunningProcess>>;
  readonly urls: Readonly<Record<string, string>>;
  /** Configuration of each app, for `ctl doctor`; it holds database passwords, as keys/ does. */
  readonly env: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const runFile = (dataDir: string): string => path.join(dataDir, 'run.json');

export function readRun(dataDir: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(runFile(dataDir), 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}

export const isRunning = ({ pid, started }: RunningProcess): boolean => startOf(pid) === started;

/** Takes the data folder for this process. Throws StackError when another launcher has it. */
export async function claimRun(dataDir: string): Promise<ClaimedRun> {
  const launcher = { pid: process.pid, started: startOf(process.pid) ?? '' };
  for (;;) {
    const claim = new ClaimedRun(dataDir, { launcher, processes: {}, urls: {}, env: {} });
    if (claim.create()) return claim;
    const before = readRun(dataDir);
    if (before && isRunning(before.launcher)) {
      throw new StackError(
        `another nymtally (process ${before.launcher.pid}) runs on ${dataDir}`,
        'stop it first, or choose another folder with --data',
      );
    }
    const left = Object.values(before?.processes ?? {});
    await Promise.all(left.map((child) => end(child.pid, () => isRunning(child), 'SIGTERM')));
    rmSync(runFile(dataDir), { force: true });
  }
}

export class ClaimedRun {
  constructor(
    private readonly dataDir: string,
    private record: RunRecord,
  ) {}

  /** False when there is a record already. */
  create(): boolean {
    const draft = this.draft(this.record);
    try {
      linkSync(draft, runFile(this.dataDir)); // whole and exclusive at once, unlike a write
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  noteProcess(name: string, pid: number): void {
    const child = { pid, started: startOf(pid) ?? '' };
    this.write({ ...this.record, processes: { ...this.record.processes, [name]: child } });
  }

  noteAddresses(known: Pick<RunRecord, 'urls' | 'env'>): void {
    this.write({ ...this.record, ...known });
  }

  release(): void {
    rmSync(runFile(this.dataDir), { force: true });
  }

  private write(record: RunRecord): void {
    this.record = record;
    renameSync(this.draft(record), runFile(this.dataDir));
  }

  private draft(record: RunRecord): string {
    const draft = `${runFile(this.dataDir)}.${process.pid}.tmp`;
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    return draft;
  }
}
