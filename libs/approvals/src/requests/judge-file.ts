/**
 * Is what lies in a file approved? The author's own signature stands under the request, and enough others have approved it. No signature says
 * when, so the expiry is left to whoever saw the request come (the key holder); what was approved stays so. Pure.
 */
import type { Approval, ApprovalRequest } from '#contracts';
import type { People } from '../people/people.js';
import { isSignedBy, judgeApprovals } from './judge.js';
import type { Verify } from './judge.js';

export interface FiledRequest {
  readonly request: ApprovalRequest;
  /** the author's */
  readonly signature: Approval;
  readonly approvals: readonly Approval[];
}

export interface FileJudgement {
  readonly granted: boolean;
  readonly approvers: readonly string[];
  /** For an operator: what is missing, or who has approved. */
  readonly words: string;
}

export function judgeFile({ request, signature, approvals }: FiledRequest, people: People, verify: Verify): FileJudgement {
  const refused = (words: string): FileJudgement => ({ granted: false, approvers: [], words });
  if (request.people !== people.digest)
    return refused(`it was not asked for under version ${people.version} of the registry of people`);
  const { requester } = request;
  if (signature.person !== requester || !isSignedBy('request', request, signature, people, verify))
    return refused(`${requester} has not signed it`);
  const { granted, approvers, needed, fault } = judgeApprovals(request, approvals, people, { now: new Date(0), verify });
  if (fault) return refused(`${requester} may not ask for it`);
  const words = `${approvers.length} of the ${needed} approvals it needs are there`;
  return { granted, approvers, words };
}
