/**
 * Files of the secrets folder: mode 0600 in a folder of mode 0700, durable. What is destroyed or replaced is overwritten: the best a file
 * system offers.
 */
import { chmod, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile, syncFolder } from '#platform';

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700); // an existing one may be wider
}

/** As `replaceFile`, and the old content is overwritten. */
export async function writeSecretFile(file: string, bytes: Uint8Array | string): Promise<void> {
  const replaced = await open(file, 'r+').catch(() => undefined);
  try {
    await replaceFile(file, bytes);
  } catch (error) {
    await replaced?.close();
    throw error;
  }
  if (replaced) await overwrite(replaced);
}

/** The bytes, or undefined when there is no such file. Throws when others than the owner may read it. */
export async function readSecretFile(file: string): Promise<Uint8Array | undefined> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) throw new Error(`${path.basename(file)} may be read by others: set its mode to 0600`);
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function destroySecretFile(file: string): Promise<void> {
  await overwrite(await open(file, 'r+'));
  await unlink(file);
  await syncFolder(path.dirname(file));
}

async function overwrite(handle: FileHandle): Promise<void> {
  try {
    const { size } = await handle.stat();
    await handle.write(new Uint8Array(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
