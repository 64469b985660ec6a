/**
 * What this witness has cosigned last, of each log: one small file a log, no database. A head is on disk before its cosignature leaves,
 * so that a crash can make it cosign again and never forget. A file that cannot be read is a fault, not an empty log.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { WitnessedHead } from '#audit';
import { bytesOf, generationIn, toBase64Url } from '#contracts';
import { replaceFile } from '#platform';

const headFile = z.strictObject({ origin: z.string(), size: z.int().nonnegative(), root: bytesOf(32), note: z.string() });

export interface StoredHead extends WitnessedHead {
  /** what was cosigned, with the log's signature and the cosignature: proof to the log itself that it had come so far */
  readonly note: string;
}

export class Heads {
  constructor(private readonly folder: string) {}

  async open(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** @returns undefined for a log that was never cosigned. @throws Error when its file is damaged or of another log */
  async read(origin: string): Promise<StoredHead | undefined> {
    const text = await readFile(this.fileOf(origin), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const head = headFile.parse(JSON.parse(text));
    if (head.origin !== origin) throw new Error('the file of a head is that of another log');
    return { size: head.size, root: head.root, note: head.note };
  }

  /** Of every generation of the log whose first one is `origin`. */
  async readAll(origin: string): Promise<StoredHead[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json'));
    const files = await Promise.all(names.map((name) => readFile(path.join(this.folder, name), 'utf8')));
    return files
      .map((text) => headFile.parse(JSON.parse(text)))
      .filter((head) => generationIn(head.origin, origin) !== undefined);
  }

  /** Durable when it resolves. */
  async write(origin: string, { size, root, note }: StoredHead): Promise<void> {
    await replaceFile(this.fileOf(origin), JSON.stringify({ origin, size, root: toBase64Url(root), note }));
  }

  /** Origins are other people's words: they name no file. */
  private fileOf(origin: string): string {
    return path.join(this.folder, `${createHash('sha256').update(origin).digest('hex')}.json`);
  }
}
