/**
 * May this request be carried out? Decided from the request, the approvals under it, the registry of people and the time, and from nothing
 * that anybody says about them (protocol.md §7, "Break-glass"). Distinct people, never the requester, not through two keys of one person,
 * with the role, before the expiry, each approval once. Pure.
 *
 * A request names the registry it was made under and dies with it: so nobody counts whose role or key was taken away, and nobody who
 * gained a role after signing.
 */
import { fromBase64Url } from '#contracts';
import type { Approval, ApprovalRequest } from '#contracts';
import { messageOf, requestDigest } from './messages.js';
import type { Purpose } from './messages.js';
import type { People } from '../people/people.js';

/** Ed25519 over raw bytes; false for whatever does not fit. `verify` of libs/platform. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Why a request cannot be carried out whoever approves it. */
export type RequestFault = 'expired' | 'other-people' | 'requester';
/** Why an approval does not count. */
export type ApprovalFault = 'requester' | 'person' | 'role' | 'key' | 'signature' | 'repeated';

export interface Judgement {
  readonly granted: boolean;
  /** Whose approvals count, in the order given. */
  readonly approvers: readonly string[];
  readonly needed: number;
  readonly fault?: RequestFault;
  readonly rejected: readonly { readonly approval: Approval; readonly fault: ApprovalFault }[];
}

/** Is the request alive, and may this person ask at all? */
export function requestFault(request: ApprovalRequest, people: People, now: Date): RequestFault | undefined {
  if (now.getTime() >= Date.parse(request.expiresAt)) return 'expired';
  if (request.people !== people.digest) return 'other-people';
  return people.hasRole(request.requester, 'operator', 'lead') ? undefined : 'requester';
}

/** Does this signature stand under this very request, by a key of the person it names? */
export function isSignedBy(
  purpose: Purpose,
  request: ApprovalRequest,
  { person, kid, signature }: Approval,
  people: People,
  verify: Verify,
): boolean {
  const key = people.keyOf(person, kid);
  return key !== undefined && verify(key, messageOf(purpose, requestDigest(request)), signatureBytes(signature));
}

/** Undefined when the approval counts by itself; whether it is the person's first is for the judge. */
export function approvalFault(
  request: ApprovalRequest,
  approval: Approval,
  people: People,
  verify: Verify,
): Exclude<ApprovalFault, 'repeated'> | undefined {
  const { person, kid } = approval;
  if (person === request.requester) return 'requester';
  if (!people.person(person)) return 'person';
  if (!people.hasRole(person, people.ruleOf(request.type).role)) return 'role';
  if (!people.keyOf(person, kid)) return 'key';
  return isSignedBy('approval', request, approval, people, verify) ? undefined : 'signature';
}

export function judgeApprovals(
  request: ApprovalRequest,
  approvals: readonly Approval[],
  people: People,
  { now, verify }: { readonly now: Date; readonly verify: Verify },
): Judgement {
  const needed = people.ruleOf(request.type).approvals;
  const approvers = new Set<string>();
  const rejected: { approval: Approval; fault: ApprovalFault }[] = [];
  for (const approval of approvals) {
    const fault = approvers.has(approval.person) ? 'repeated' : approvalFault(request, approval, people, verify);
    if (fault) rejected.push({ approval, fault });
    else approvers.add(approval.person);
  }
  const fault = requestFault(request, people, now);
  const granted = fault === undefined && approvers.size >= needed;
  return { granted, approvers: [...approvers], needed, rejected, ...(fault && { fault }) };
}

function signatureBytes(text: string): Uint8Array {
  try {
    return fromBase64Url(text);
  } catch {
    return new Uint8Array(); // as good as any wrong signature
  }
}
