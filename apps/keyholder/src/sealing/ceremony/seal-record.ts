/**
 * `seal.json`, beside the secrets it guards: the barrier key wrapped under the unseal key, and a commitment to each share. Nothing in it
 * opens anything. It is written whole or not at all, and its digest tells a damaged one before people are called together.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { bytesOf, canonicalBytes, ceremonyState, toBase64Url } from '#contracts';
import type { CeremonyState } from '#contracts';
import { readSecretFile, writeSecretFile } from '../../keys/secret-files.js';
import { WRAPPED_BYTES } from '../barrier.js';

export const sealFile = 'seal.json';

/** base64url text here: the record is kept as it was read. */
const wrapped = z.string().refine((text) => bytesOf(WRAPPED_BYTES).safeParse(text).success);
const shared = ceremonyState.extend({ wrapped });
const body = z.discriminatedUnion('mode', [
  z.strictObject({ v: z.literal(1), mode: z.literal('auto'), current: z.strictObject({ ceremony: z.string(), wrapped }) }),
  z.strictObject({
    v: z.literal(1),
    mode: z.literal('shares'),
    current: shared,
    /** A rekey whose shares are given out and not yet all proven. The current ones go on to unseal. */
    pending: shared.optional(),
  }),
]);
const file = z.strictObject({ body, digest: z.string() });

export type SealRecord = z.output<typeof body>;
export type SharedRecord = Extract<SealRecord, { mode: 'shares' }>;
/** A ceremony whose unseal key exists as shares only. */
export type SharedCeremony = z.output<typeof shared>;

/** @throws Error with one line that says what is wrong with the folder */
export async function readSealRecord(folder: string): Promise<SealRecord> {
  const bytes = await readSecretFile(path.join(folder, sealFile));
  if (!bytes) throw new Error(`the secrets folder has no ${sealFile}: run init first`);
  const read = file.safeParse(json(bytes));
  if (!read.success || read.data.digest !== digestOf(read.data.body)) {
    throw new Error(`${sealFile} is damaged: put back a copy of it, no share fits this one`);
  }
  return read.data.body;
}

/** The record of shares. @throws Error in auto mode */
export async function readSharedRecord(folder: string): Promise<SharedRecord> {
  const record = await readSealRecord(folder);
  if (record.mode !== 'shares') throw new Error('this key holder unseals itself: it has no shares');
  return record;
}

export function writeSealRecord(folder: string, record: SealRecord, write = writeSecretFile): Promise<void> {
  const text = JSON.stringify({ body: record, digest: digestOf(record) }, undefined, 2);
  return write(path.join(folder, sealFile), `${text}\n`);
}

/** What anybody may know of it. */
export const stateOf = ({ ceremony, threshold, commitments }: SharedCeremony): CeremonyState => ({
  ceremony,
  threshold,
  commitments,
});

const digestOf = (record: SealRecord): string => toBase64Url(createHash('sha256').update(canonicalBytes(record)).digest());

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
