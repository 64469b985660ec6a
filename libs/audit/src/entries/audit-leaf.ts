/**
 * Leaves of the key holder's log: canonical JSON (RFC 8785) that carries its own place, so that a dropped leaf is seen without any
 * proof. A subject stands in a leaf only as a commitment; its salt is sealed for auditors, without whom it is a random number. Pure.
 */
import { z } from 'zod';
import { canonicalBytes, frame, labels, sameBytes } from '#contracts';
import { sha256 } from '../trees/hashing.js';

/** What every leaf says; the fields of its type stand beside. */
export const auditLeaf = z.looseObject({
  v: z.literal(1),
  /** Place in the log, from 0. */
  index: z.int().nonnegative(),
  /** Nothing finer than a day is ever logged. */
  day: z.int().nonnegative(),
  type: z.string().min(1).max(64),
});
export type AuditLeaf = z.output<typeof auditLeaf>;

/** Shorter salts can be guessed. */
const leastSalt = 16;

/** The bytes that are hashed, stored and exported. @throws RangeError on what JSON cannot say */
export const leafBytes = (leaf: AuditLeaf): Uint8Array => canonicalBytes(leaf);

/** @returns undefined for bytes that are no leaf, or not written as `leafBytes` writes */
export function parseLeaf(bytes: Uint8Array): AuditLeaf | undefined {
  try {
    const leaf = auditLeaf.parse(JSON.parse(decoder.decode(bytes)));
    return sameBytes(leafBytes(leaf), bytes) ? leaf : undefined;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** SHA-256 over label, salt and subject, 32 bytes. @throws RangeError for a salt of less than 16 bytes */
export function commitment(salt: Uint8Array, subject: Uint8Array | string): Uint8Array {
  if (salt.length < leastSalt) throw new RangeError(`a salt has ${leastSalt} bytes at least`);
  return sha256(frame(labels.auditSubject, salt, subject));
}
