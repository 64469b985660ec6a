/** What names a version of the policy for good: SHA-256 of the canonical bytes of its document. */
import { createHash } from 'node:crypto';
import { canonicalBytes, type PolicyDocument } from '#contracts';

/** 32 bytes. */
export const policyDigest = (document: PolicyDocument): Uint8Array =>
  new Uint8Array(createHash('sha256').update(canonicalBytes(document)).digest());
