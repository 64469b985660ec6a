/** A shadow that people have approved, for who tallies by it or recomputes such a tally: nobody has to believe another that it was. Pure. */
import { judgeFile, type PeopleChain } from '#approvals';
import { fromBase64Url, type ApprovedShadow, type PolicyDocument } from '#contracts';
import { verify } from '#platform';
import { shadowFault } from '../rules/shadow-fault.js';
import { needsOwnTallies, shadowDocument } from '../rules/shadow.js';

export interface ShadowPolicy {
  /** Of the document, 32 bytes. */
  readonly digest: Uint8Array;
  readonly document: PolicyDocument;
}

/**
 * @param live policy of the epoch that is tallied: the shadow's document is this one with other numbers
 * @returns undefined unless it is a shadow of this very policy, and approved under the registry of its version
 */
export function approvedShadowPolicy(
  { request, signature, approvals }: ApprovedShadow,
  live: PolicyDocument,
  people: PeopleChain,
): ShadowPolicy | undefined {
  const { parameters } = request;
  const registry = people.forPolicy(parameters.version);
  const holds =
    needsOwnTallies(parameters) &&
    shadowFault(live, parameters) === undefined &&
    registry !== undefined &&
    judgeFile({ request, signature, approvals }, registry, verify).granted;
  return holds ? { digest: fromBase64Url(parameters.digest), document: shadowDocument(live, parameters) } : undefined;
}
