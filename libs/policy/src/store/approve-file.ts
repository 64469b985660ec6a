/** Makes what lies in POLICY_DIR from the signatures of people, where all their keys are at hand: launchers of one machine, and tests. */
import { randomBytes } from 'node:crypto';
import { signRequest, type People, type PersonSigner } from '#approvals';
import {
  isoSecond,
  toBase64Url,
  type ApprovedPeople,
  type ApprovedPolicy,
  type ApprovedShadow,
  type PeopleDocument,
  type PolicyDocument,
  type RequestOf,
  type ShadowParameters,
} from '#contracts';
import { policyDigest } from '../rules/policy-digest.js';

export interface Signers {
  /** Registry that it is asked for under. */
  readonly people: People;
  readonly author: PersonSigner;
  readonly approvers: readonly PersonSigner[];
  readonly expiresAt: Date;
}

export const approvePolicy = (document: PolicyDocument, signers: Signers): ApprovedPolicy => ({
  document,
  ...approved('policy', { version: document.version, digest: toBase64Url(policyDigest(document)) }, signers),
});

export const approvePeople = (document: PeopleDocument, signers: Signers): ApprovedPeople => ({
  document,
  ...approved('people', { document }, signers),
});

/** In no file: as the key holder hands it on. */
export const approveShadow = (parameters: ShadowParameters, signers: Signers): ApprovedShadow =>
  approved('policy-shadow', parameters, signers);

function approved<T extends 'policy' | 'people' | 'policy-shadow'>(
  type: T,
  parameters: RequestOf<T>['parameters'],
  { people, author, approvers, expiresAt }: Signers,
) {
  const request = {
    v: 1,
    id: toBase64Url(new Uint8Array(randomBytes(16))),
    type,
    parameters,
    reason: 'made where all keys lie together',
    case: 'launcher',
    requester: author.id,
    people: people.digest,
    expiresAt: isoSecond(expiresAt),
    output: 'nothing',
  } as RequestOf<T>;
  const signature = signRequest('request', request, author);
  return { request, signature, approvals: approvers.map((one) => signRequest('approval', request, one)) };
}
