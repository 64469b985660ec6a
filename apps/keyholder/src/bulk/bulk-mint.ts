/**
 * Selectors in bulk, for the benchmark's large worlds: the measured path mints a few hundred a second, and 200,000 would take all its
 * time. A plan comes in on stdin, signed selectors go out on stdout as frames, in the same order; no database is touched.
 *
 * It signs whatever it is asked to. Whoever can run it has the secrets folder anyway, and still it is refused in production and
 * unless a file in that folder, which `init` never makes, says that these secrets protect nobody.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { SelectorId } from '#contracts';
import { StartError } from '#platform';
import { toFrames } from '#pseudonyms';
import type { KeyholderKeys } from '../keys/keyholder-keys.js';
import { readSecretFile } from '../keys/secret-files.js';
import type { SecretScheme } from '../secret-key/index.js';

/** cohort u32 ‖ slot u32 ‖ period u32 ‖ expiryDay u32 ‖ subject 32; big-endian. */
export const planBytes = 48;
const subjectAt = 16;
const atOnce = 256;

export const permitFile = 'for-measurements-only';

/** @throws StartError */
export async function requireBulkPermit(secretsDir: string, production: boolean): Promise<void> {
  if (production) throw new StartError('bulk-mint is for measurements and never runs in production');
  if (!(await readSecretFile(path.join(secretsDir, permitFile))))
    throw new StartError(`bulk-mint needs the file ${permitFile} in the secrets folder: only where these secrets protect nobody`);
}

/** The newest key epoch, and what signs under it. */
export type BulkKeys = Pick<KeyholderKeys, 'signSelector'> & { readonly keyEpoch: number };

/** Makes the ciphertexts of one batch while the batch before is signed and taken. @throws RangeError for a broken or impossible plan */
export async function* bulkMint(
  plan: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  keys: BulkKeys,
  scheme: Pick<SecretScheme, 'encryptSelectors'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let made: Promise<Uint8Array> | undefined;
  for await (const rows of batches(plan)) {
    const next = mintBatch(rows, keys, scheme);
    next.catch(() => undefined); // awaited in the next round
    if (made) yield await made;
    made = next;
  }
  if (made) yield await made;
}

async function mintBatch(
  rows: readonly Buffer[],
  keys: BulkKeys,
  scheme: Pick<SecretScheme, 'encryptSelectors'>,
): Promise<Uint8Array> {
  const ciphertexts = await scheme.encryptSelectors(rows.map((row) => row.readUInt32BE(4)));
  const selectors = rows.map((row, i) =>
    keys.signSelector({
      selectorId: new Uint8Array(randomBytes(16)) as SelectorId,
      keyEpoch: keys.keyEpoch,
      cohort: row.readUInt32BE(0),
      period: row.readUInt32BE(8),
      expiryDay: row.readUInt32BE(12),
      subject: row.subarray(subjectAt),
      bytes: ciphertexts[i] as Uint8Array,
    }),
  );
  return toFrames(selectors);
}

/** Whole rows, however the pipe cuts them. */
async function* batches(plan: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of plan) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % planBytes);
    for (let at = 0; at < whole; at += atOnce * planBytes)
      yield rowsOf(bytes.subarray(at, Math.min(whole, at + atOnce * planBytes)));
    rest = bytes.subarray(whole);
  }
  if (rest.length > 0) throw new RangeError('the plan ends inside a row');
}

const rowsOf = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / planBytes }, (_, i) => bytes.subarray(i * planBytes, (i + 1) * planBytes));
