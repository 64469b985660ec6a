/**
 * A cluster as initdb makes it, kept in dist/: clusters that leave nothing behind (tests, `--once`) are copies of it, since initdb takes as
 * long as everything else of their start. It was never started and holds no data. A copy has its password only until its first start.
 */
import { createHash } from 'node:crypto';
import { constants, cpSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.js';

export class ClusterTemplate {
  private readonly folder: string;

  /** @param initdb its path; @param options what it was called with: another version or other options make another template */
  constructor(initdb: string, options: readonly string[]) {
    const { size, mtimeMs } = statSync(initdb);
    const key = createHash('sha256')
      .update(JSON.stringify([initdb, size, mtimeMs, options]))
      .digest('hex')
      .slice(0, 16);
    this.folder = path.join(root, 'dist', 'clusters', key);
  }

  /** @returns the password of the copy; undefined when there is no template yet */
  copyTo(folder: string): string | undefined {
    try {
      const password = readFileSync(path.join(this.folder, 'password'), 'utf8');
      cpSync(path.join(this.folder, 'data'), folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
      return password;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Of a cluster that was not started yet. Whoever is first makes the template; where it cannot be written there is none. */
  keep(folder: string, password: string): void {
    const draft = `${this.folder}.${process.pid}`;
    try {
      mkdirSync(draft, { recursive: true, mode: 0o700 });
      cpSync(folder, path.join(draft, 'data'), { recursive: true });
      writeFileSync(path.join(draft, 'password'), password, { mode: 0o600 });
      renameSync(draft, this.folder);
    } catch {
      rmSync(draft, { recursive: true, force: true });
    }
  }
}
