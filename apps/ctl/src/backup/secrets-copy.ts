/** The key holder's secrets folder, file by file and as it is: sealed. Nothing here can open it, and nothing tries to. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '#platform';
import { StackError } from '../stack/stack-error.js';
import { requireSame, writeHashed } from './hashed-files.js';
import { names, type CopiedFile } from './manifest.js';

/** Lies in the folder while it is being made, and at the end of a file that is being written. */
const unfinished = /(^|\/)init-unfinished$|\.tmp$/;
/** In development only: opens everything beside it. */
export const autoUnsealFile = 'auto-unseal.key';

export async function copySecrets(secretsDir: string, folder: string): Promise<CopiedFile[]> {
  const files = await filesIn(secretsDir);
  if (!files.includes('keyholder-public.json') || files.some((file) => file.endsWith('init-unfinished')))
    throw new StackError(`${secretsDir} is no whole secrets folder`, "name the key holder's own, KEYHOLDER_SECRETS_DIR");
  const copied: CopiedFile[] = [];
  for (const file of files.filter((each) => !unfinished.test(each))) {
    const from = path.join(secretsDir, file);
    // a key whose day is over may be destroyed meanwhile
    if (!(await stat(from).catch(() => undefined))) continue;
    copied.push({ file, ...(await writeHashed(path.join(folder, names.secrets, file), createReadStream(from))) });
  }
  return copied;
}

/** A folder beside the one that is wanted, whole and checked; `place` puts it there. */
export class RestoredSecrets {
  private constructor(
    private readonly draft: string,
    private readonly secretsDir: string,
  ) {}

  /** @throws StackError, and nothing is left behind */
  static async prepare(folder: string, files: readonly CopiedFile[], secretsDir: string): Promise<RestoredSecrets> {
    await requireEmpty(secretsDir);
    const draft = `${secretsDir}.restoring`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    const made = new RestoredSecrets(draft, secretsDir);
    try {
      for (const { file, ...expected } of files) {
        const written = await writeHashed(path.join(draft, file), createReadStream(path.join(folder, names.secrets, file)));
        requireSame(`${names.secrets}/${file}`, written, expected);
      }
      await syncFolder(draft);
      return made;
    } catch (error) {
      await made.discard();
      throw error;
    }
  }

  async place(): Promise<void> {
    await requireEmpty(this.secretsDir);
    await rmdir(this.secretsDir).catch(() => undefined);
    await rename(this.draft, this.secretsDir);
    await syncFolder(path.dirname(this.secretsDir));
  }

  /** The database was not restored after all. */
  async takeBack(): Promise<void> {
    await rename(this.secretsDir, this.draft).catch(() => undefined);
    await this.discard();
  }

  discard(): Promise<void> {
    return rm(this.draft, { recursive: true, force: true });
  }
}

export const secretFiles = (files: readonly CopiedFile[]) =>
  files.map(({ file, ...digests }) => ({ ...digests, name: `${names.secrets}/${file}` }));

async function requireEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new StackError(`${folder} cannot be read`, 'name a folder that is empty or not there yet');
  });
  if (there.length > 0)
    throw new StackError(`${folder} is not empty`, 'name another folder, or move this one away: nothing here overwrites secrets');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
