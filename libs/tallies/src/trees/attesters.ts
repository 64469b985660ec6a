/** Pinned correlators and witnesses: whose objections and attestations count. From a file, never from a table. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf } from '#contracts';
import { verify } from '#platform';

const attester = z.strictObject({ id: z.string().min(1).max(64), key: bytesOf(32) });
const attesterList = z
  .array(attester)
  .max(32)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'an id stands twice');

/** Ed25519 public keys by id. */
export type Attesters = ReadonlyMap<string, Uint8Array>;

/** @param value parsed JSON `[{id, key}]`, key base64url of 32 bytes. @throws ZodError */
export const attestersOf = (value: unknown): Attesters => new Map(attesterList.parse(value).map(({ id, key }) => [id, key]));

export const readAttesters = (file: string): Attesters => attestersOf(JSON.parse(readFileSync(file, 'utf8')));

/** Is this that attester's signature over the message? */
export function isSignedBy(attesters: Attesters, id: string, message: Uint8Array, signature: Uint8Array): boolean {
  const key = attesters.get(id);
  return key !== undefined && verify(key, message, signature);
}
