/** A backup of the key holder, and what becomes of it: database and secrets together, nothing overwritten, nothing half restored. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StackError } from '../stack/stack-error.js';
import { dumpDatabase, dumpFiles, loadDatabase } from './database-copy.js';
import { checkHashed } from './hashed-files.js';
import { names, readManifest, writeManifest, type Manifest } from './manifest.js';
import { autoUnsealFile, copySecrets, RestoredSecrets, secretFiles } from './secrets-copy.js';

export interface KeyholderPlace {
  readonly databaseUrl: string;
  readonly secretsDir: string;
}

export interface BackupMade {
  readonly digest: string;
  readonly manifest: Manifest;
  /** it opens itself: whoever has the backup has every secret */
  readonly isOpen: boolean;
}

/** The manifest is written last: a folder without one is no backup. @throws StackError */
export async function backUp(folder: string, { databaseUrl, secretsDir }: KeyholderPlace): Promise<BackupMade> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new StackError(`${folder} is not empty`, 'each backup needs a folder of its own');
  const { keyHolderId, tables } = await dumpDatabase(databaseUrl, folder);
  const secrets = await copySecrets(secretsDir, folder);
  await requireSameOwner(secretsDir, keyHolderId);
  const manifest: Manifest = { v: 1, keyHolderId, tables: [...tables], secrets };
  return { digest: writeManifest(folder, manifest), manifest, isOpen: secrets.some(({ file }) => file === autoUnsealFile) };
}

/** Every file is checked before anything is written. @param digest that was written down. @throws StackError */
export async function restore(folder: string, { databaseUrl, secretsDir }: KeyholderPlace, digest?: string): Promise<Manifest> {
  const manifest = readManifest(folder, digest);
  const { tables, secrets } = manifest;
  for (const { name, ...expected } of [...dumpFiles(tables), ...secretFiles(secrets)]) await checkHashed(folder, name, expected);
  await requireSameOwner(path.join(folder, names.secrets), manifest.keyHolderId);
  const restored = await RestoredSecrets.prepare(folder, secrets, secretsDir);
  let isPlaced = false;
  try {
    await loadDatabase(databaseUrl, folder, tables, async () => {
      await restored.place();
      isPlaced = true;
    });
  } catch (error) {
    await (isPlaced ? restored.takeBack() : restored.discard());
    throw error;
  }
  return manifest;
}

async function requireSameOwner(secretsDir: string, keyHolderId: string): Promise<void> {
  const pin = JSON.parse(await readFile(path.join(secretsDir, 'keyholder-public.json'), 'utf8')) as { keyHolderId?: unknown };
  if (pin.keyHolderId !== keyHolderId)
    throw new StackError('database and secrets are of two key holders', 'check CTL_KEYHOLDER_DATABASE_URL and --secrets');
}
