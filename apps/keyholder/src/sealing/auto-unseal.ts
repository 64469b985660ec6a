/**
 * For development: the unseal key lies in a file beside what it opens, so that `npm start` needs no people. It protects nothing, says so
 * at every start, and is refused in production.
 */
import path from 'node:path';
import { bytesOf } from '#contracts';
import { StartError } from '#platform';
import { readSecretFile, writeSecretFile } from '../keys/secret-files.js';
import { Barrier, WRAPPED_BYTES } from './barrier.js';
import { newCeremonyId, newUnsealKey } from './ceremony/shares.js';
import { toBase64Url } from '#contracts';
import { readSealRecord } from './ceremony/seal-record.js';
import type { SealRecord } from './ceremony/seal-record.js';

export const autoUnsealFile = 'auto-unseal.key';
export type AutoRecord = Extract<SealRecord, { mode: 'auto' }>;

/** Writes the key; the record is the caller's to write, last. */
export async function makeAutoUnseal(folder: string, barrier: Barrier, write = writeSecretFile): Promise<AutoRecord> {
  const unsealKey = newUnsealKey();
  const ceremony = newCeremonyId();
  const wrapped = toBase64Url(barrier.wrappedUnder(unsealKey, ceremony));
  await write(path.join(folder, autoUnsealFile), unsealKey);
  unsealKey.fill(0);
  return { v: 1, mode: 'auto', current: { ceremony, wrapped } };
}

/** @throws StartError when only people can open this folder, or in production */
export async function autoUnseal(folder: string, production: boolean): Promise<{ barrier: Barrier; ceremony: string }> {
  const record = await readSealRecord(folder);
  if (record.mode !== 'auto')
    throw new StartError('the secrets are sealed: only the people with the shares can open them. Each unsealing tests the key');
  if (production)
    throw new StartError('a key holder that unseals itself never runs in production: hold a ceremony, `ctl keys init`');
  const unsealKey = await readSecretFile(path.join(folder, autoUnsealFile));
  if (!unsealKey) throw new StartError(`the secrets folder has no ${autoUnsealFile}`);
  const { ceremony, wrapped } = record.current;
  const barrier = Barrier.unwrap(unsealKey, ceremony, bytesOf(WRAPPED_BYTES).parse(wrapped));
  unsealKey.fill(0);
  return { barrier, ceremony };
}
