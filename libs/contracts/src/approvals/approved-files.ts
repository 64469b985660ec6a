/**
 * What lies beside each other in POLICY_DIR: `policy-<version>.json` and `people-<version>.json`, each the document with the request that
 * makes it live, its author's signature and the approvals. Whoever knows the first registry of people verifies them all.
 */
import { z } from 'zod';
import { policyDocument } from '../policy-document.js';
import { peopleDocument } from './people-document.js';
import { approval, peopleRequest, policyRequest, shadowRequest } from './request.js';

const filed = <R extends z.ZodType>(request: R) =>
  z.strictObject({
    request,
    /** the author's, who is the requester: over frame(labels.request, digest of the request) */
    signature: approval,
    approvals: z.array(approval).max(64),
  });
const approved = <D extends z.ZodType, R extends z.ZodType>(document: D, request: R) => filed(request).extend({ document });

export const approvedPolicy = approved(policyDocument, policyRequest);
export type ApprovedPolicy = z.output<typeof approvedPolicy>;

/** Approved under the version before it. */
export const approvedPeople = approved(peopleDocument, peopleRequest);
export type ApprovedPeople = z.output<typeof approvedPeople>;

/** Lies in no file: the key holder hands it to who tallies by it. The document follows from the live one. */
export const approvedShadow = filed(shadowRequest);
export type ApprovedShadow = z.output<typeof approvedShadow>;
