/** What is hashed and signed about a request. One label per purpose, so that no signature of a person can be taken for another. */
import { createHash } from 'node:crypto';
import { canonicalBytes, frame, labels } from '#contracts';
import type { ApprovalRequest } from '#contracts';

/** SHA-256 of the canonical bytes, 32 bytes. Whoever signs computes it from the request they were shown. */
export const requestDigest = (request: ApprovalRequest): Uint8Array =>
  new Uint8Array(createHash('sha256').update(canonicalBytes(request)).digest());

/** `request`: by the requester, makes it. `approval`: by another person. `execution`: by the requester, has it done. */
export const purposes = ['request', 'approval', 'execution'] as const;
export type Purpose = (typeof purposes)[number];

export const messageOf = (purpose: Purpose, digest: Uint8Array): Uint8Array => frame(labels[purpose], digest);
