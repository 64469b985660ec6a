/** Routes of the registrar: the account side. Nothing here can carry a pseudonym. Bearer = access token of the identity provider. */
import { z } from 'zod';
import { bytesOf } from './ids.js';

export const enrolmentRequest = z.strictObject({
  holderKey: bytesOf(32),
  /** holder key over frame(labels.enrol, keyHolderId, holderKey) */
  proof: bytesOf(64),
});
export const enrolmentResponse = z.strictObject({
  keyHolderId: z.string(),
  /** H(frame(labels.handleCommitment, handle)) */
  handleCommitment: bytesOf(32),
  /** key holder root key over frame(labels.receipt, keyHolderId, handleCommitment, holderKey) */
  signature: bytesOf(64),
});
/** `GET` and `POST /v1/holder-key/replacement`; also the answer to a calling off. */
export { keyReplacementAnswer as replacementResponse } from './keyholder-api.js';
export const callOffReplacementRequest = z.strictObject({
  /** the holder key in use, or the new one, over frame(labels.callOff, keyHolderId, new key) */
  signature: bytesOf(64),
});
export const ticketsRequest = z.strictObject({ count: z.int().min(1).max(32) });
export const ticketsResponse = z.strictObject({
  /** base64url tickets of one fixed length (libs/tickets) */
  tickets: z.array(z.string()).max(32),
});
export const standingResponse = z.strictObject({
  standing: z.enum(['active', 'suspended']),
  suspendedSince: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  appeal: z.string(),
});
