/** The machine a run was measured on: figures without it say nothing. */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { postgresBinaries } from '../stack/postgres-binaries.js';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  /** Version of the embedded server. */
  readonly postgresql: string;
  /** Work of others when the run began, in cores: above a few per cent the figures are theirs, too. */
  readonly loadBefore: number;
}

export function machine(): Machine {
  const [first] = os.cpus();
  return {
    cores: os.availableParallelism(),
    model: first?.model.trim() ?? 'unknown',
    memoryGb: Number((os.totalmem() / 2 ** 30).toFixed(1)),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    postgresql: postgresVersion(),
    loadBefore: Number((os.loadavg()[0] ?? 0).toFixed(2)),
  };
}

function postgresVersion(): string {
  const { stdout } = spawnSync(path.join(postgresBinaries(), 'postgres'), ['--version'], { encoding: 'utf8' });
  return /[\d.]+/.exec(stdout ?? '')?.[0] ?? 'unknown';
}

export const machineLine = ({ cores, model, memoryGb, platform, node, postgresql, loadBefore }: Machine): string =>
  `${cores} cores (${model}), ${memoryGb} GB, ${platform}, Node ${node}, PostgreSQL ${postgresql}, load ${loadBefore} before the run`;
