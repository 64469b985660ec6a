/** The launcher's data folder: made with the right permissions, claimed for one launcher, and its choices that cannot change later. */
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { folders } from './app-specs.js';
import { claimRun } from './run-record.js';
import type { ClaimedRun } from './run-record.js';
import { StackError } from './stack-error.js';

/** Fixed once there is data: keys and ciphertexts depend on them. */
export interface FixedSettings {
  readonly parameterSet: string;
  readonly cohortsPerBlock: number;
  readonly domain: string;
  readonly clusters: 'separate' | 'shared';
}

export class DataFolder {
  readonly at: ReturnType<typeof folders>;

  private constructor(
    readonly dataDir: string,
    readonly run: ClaimedRun,
  ) {
    this.at = folders(dataDir);
    for (const folder of [this.at.config, this.at.policy, this.at.logs]) mkdirSync(folder, { recursive: true });
  }

  /** Throws StackError when it cannot be written or another launcher runs on it. */
  static async open(dataDir: string): Promise<DataFolder> {
    try {
      mkdirSync(dataDir, { recursive: true });
      accessSync(dataDir, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new StackError(
        `${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code})`,
        'give yourself write permission, or choose another folder with --data',
      );
    }
    // a server that runs as another account (privileges.ts) must get through to its own folder; secrets lie in keys/, which is 0700
    if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
    return new DataFolder(dataDir, await claimRun(dataDir));
  }

  /** What was fixed at the first start; throws StackError when something else is asked for now. */
  settings(wanted: FixedSettings): FixedSettings {
    const file = path.join(this.dataDir, 'settings.json');
    let kept: unknown;
    try {
      kept = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      writeFileSync(file, `${JSON.stringify(wanted, undefined, 2)}\n`);
      return wanted;
    }
    if (!isDeepStrictEqual(kept, { ...wanted })) {
      throw new StackError(
        `${this.dataDir} was made with other settings (${file})`,
        'start with those, choose another folder with --data, or remove this one',
      );
    }
    return wanted;
  }

  release(): void {
    this.run.release();
  }
}
