/** The secrets folder behind the barrier: what is written here reaches the disk sealed, and what is read was sealed here under its name. */
import path from 'node:path';
import { destroySecretFile, readSecretFile, writeSecretFile } from '../keys/secret-files.js';
import type { Barrier } from './barrier.js';

export class SealedFolder {
  constructor(
    readonly folder: string,
    private readonly barrier: Barrier,
    private readonly write: typeof writeSecretFile = writeSecretFile,
  ) {}

  /** Undefined when there is no such file. @throws BarrierRefused */
  async read(name: string): Promise<Uint8Array | undefined> {
    const sealed = await readSecretFile(this.fileOf(name));
    return sealed && this.barrier.open(name, sealed);
  }

  /** Reads it, or makes it once with `make`. */
  async keep(name: string, make: () => Promise<Uint8Array> | Uint8Array): Promise<Uint8Array> {
    const kept = await this.read(name);
    if (kept) return kept;
    const made = await make();
    await this.write(this.fileOf(name), this.barrier.seal(name, made));
    return made;
  }

  /** What was there before is overwritten. */
  replace(name: string, bytes: Uint8Array): Promise<void> {
    return this.write(this.fileOf(name), this.barrier.seal(name, bytes));
  }

  destroy(name: string): Promise<void> {
    return destroySecretFile(this.fileOf(name));
  }

  private fileOf(name: string): string {
    return path.join(this.folder, name);
  }
}
