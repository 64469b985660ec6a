/**
 * Files of the secrets folder: mode 0600 in a folder of mode 0700, written whole or not at all, and on the disk before anything
 * depends on them. What is destroyed or replaced is
 * overwritten: the best a file system offers.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** A file that was being written when the process was killed ends so. */
export const TEMPORARY = '.tmp';

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700); // an existing one may be wider
}

/** Temporary file, fsync, rename, fsync of the folder: after a crash there is the old content, the new, or no file. */
export async function writeSecretFile(file: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}${TEMPORARY}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const replaced = await open(file, 'r+').catch(() => undefined);
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
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

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
