/** Files written and read with their digests, as streams: a table may be larger than memory. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StackError } from '../stack/stack-error.js';

export interface Digested {
  readonly bytes: number;
  /** hex */
  readonly sha256: string;
}

/** Hands bytes on and counts them. */
export class Hashing extends Transform {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: (error: null, chunk: Uint8Array) => void): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    done(null, chunk);
  }

  /** Once everything went through. */
  digest(): Digested {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}

/** A new file of mode 0600, on the disk when this resolves. */
export async function writeHashed(file: string, content: Readable): Promise<Digested> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const hashing = new Hashing();
  await pipeline(content, hashing, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }));
  return hashing.digest();
}

/** @param name as the manifest has it. @throws StackError when it is not the file of the manifest */
export async function checkHashed(folder: string, name: string, expected: Digested): Promise<void> {
  const hashing = new Hashing();
  try {
    await pipeline(createReadStream(path.join(folder, name)), hashing, async (rest) => {
      for await (const chunk of rest) void chunk;
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new StackError(`the backup lacks ${name}`, 'take another backup: this one is not whole');
  }
  requireSame(name, hashing.digest(), expected);
}

/** @throws StackError */
export function requireSame(name: string, { bytes, sha256 }: Digested, expected: Digested): void {
  if (bytes === expected.bytes && sha256 === expected.sha256) return;
  const what = bytes < expected.bytes ? 'is cut off' : 'was changed';
  throw new StackError(`${name} of the backup ${what}`, 'nothing was restored; take another backup');
}
