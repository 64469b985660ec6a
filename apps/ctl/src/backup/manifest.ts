/**
 * What is in a backup of the key holder, file by file, with digests; and the digest of this list itself, which a person writes down. It is
 * signed by nothing: whoever can write into a backup can write another list, and only the digest that was written down tells.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StackError } from '../stack/stack-error.js';

export const names = { manifest: 'manifest.json', database: 'database', secrets: 'secrets' } as const;

const inFolder = z.string().regex(/^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/);
const digests = { bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) } as const;
const sqlName = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const body = z.strictObject({
  v: z.literal(1),
  keyHolderId: z.string().min(1).max(64),
  tables: z.array(z.strictObject({ table: sqlName, columns: z.array(sqlName).min(1), ...digests })).min(1),
  secrets: z.array(z.strictObject({ file: inFolder, ...digests })).min(1),
});
export type Manifest = z.output<typeof body>;
export type DumpedTable = Manifest['tables'][number];
export type CopiedFile = Manifest['secrets'][number];

const file = z.strictObject({ body, sha256: digests.sha256 });
const digestOf = (manifest: Manifest): string => createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

/** @returns its digest, hex */
export function writeManifest(folder: string, manifest: Manifest): string {
  const sha256 = digestOf(manifest);
  writeFileSync(path.join(folder, names.manifest), `${JSON.stringify({ body: manifest, sha256 }, undefined, 2)}\n`, {
    flag: 'wx',
    mode: 0o600,
  });
  return sha256;
}

/** @param expected the digest that was written down, if it was. @throws StackError */
export function readManifest(folder: string, expected: string | undefined): Manifest {
  const mend = 'take another backup: this one is not whole, or was edited';
  let text: string;
  try {
    text = readFileSync(path.join(folder, names.manifest), 'utf8');
  } catch {
    throw new StackError(
      `${folder} is no backup: it has no ${names.manifest}`,
      'a backup that was broken off has none; take another one',
    );
  }
  const parsed = file.safeParse(json(text));
  if (!parsed.success || digestOf(parsed.data.body) !== parsed.data.sha256)
    throw new StackError(`${names.manifest} is damaged`, mend);
  if (expected !== undefined && parsed.data.sha256 !== expected)
    throw new StackError(`${names.manifest} has digest ${parsed.data.sha256}, not the one that was written down`, mend);
  return parsed.data.body;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
