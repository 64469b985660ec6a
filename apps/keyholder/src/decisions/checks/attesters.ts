/**
 * Whose attestations open a tally (ATTESTERS_FILE): pinned correlators, pinned witnesses, and how many witnesses it takes. All keys are
 * distinct, so that nobody counts twice. Public keys only.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf, toBase64Url } from '#contracts';
import { isUsablePublicKey } from '#platform';

const attester = z.strictObject({ id: z.string().min(1).max(64), key: bytesOf(32) });
const distinct = (values: readonly string[]) => new Set(values).size === values.length;

const attestersFile = z
  .strictObject({
    correlators: z.array(attester).min(1).max(64),
    witnesses: z.array(attester).min(1).max(64),
    needed: z.int().positive(),
  })
  .refine(({ witnesses, needed }) => needed <= witnesses.length, 'needed is larger than the number of witnesses')
  .refine(({ correlators }) => distinct(correlators.map(({ id }) => id)), 'two correlators have one id')
  .refine(({ witnesses }) => distinct(witnesses.map(({ id }) => id)), 'two witnesses have one id')
  .refine(
    ({ correlators, witnesses }) => distinct([...correlators, ...witnesses].map(({ key }) => toBase64Url(key))),
    'two attesters have one key',
  )
  .refine(
    ({ correlators, witnesses }) => [...correlators, ...witnesses].every(({ key }) => isUsablePublicKey(key)),
    'a key is no usable Ed25519 key',
  );

export interface Attesters {
  /** Id → Ed25519 public key, 32 bytes. */
  readonly correlators: ReadonlyMap<string, Uint8Array>;
  readonly witnesses: ReadonlyMap<string, Uint8Array>;
  /** Witnesses that must have signed, besides one correlator. */
  readonly needed: number;
}

/** @param value parsed JSON. @throws Error naming the first fault, never a value. */
export function attestersOf(value: unknown): Attesters {
  const parsed = attestersFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`attesters file: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
  }
  const table = (entries: readonly z.output<typeof attester>[]) => new Map(entries.map(({ id, key }) => [id, key]));
  return { correlators: table(parsed.data.correlators), witnesses: table(parsed.data.witnesses), needed: parsed.data.needed };
}

/** @throws Error when the file is absent, no JSON or does not fit. */
export function readAttesters(path: string): Attesters {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Error('attesters file: cannot be read as JSON');
  }
  return attestersOf(value);
}
