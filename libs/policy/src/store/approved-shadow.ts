/** A shadow that people have approved, for who tallies by it or recomputes such a tally: nobody has to believe another that it was. Pure. */
import { judgeFile, type PeopleChain } from '#approvals';
import { toBase64Url, type ApprovedShadow, type PolicyDocument } from '#contracts';
import { verify } from '#platform';
import { checkPolicy } from '../bounds/check-policy.js';
import { policyDigest } from '../rules/policy-digest.js';
import { needsOwnTallies, shadowDocument } from '../rules/shadow.js';

export interface ShadowPolicy {
  /** Of the document, 32 bytes. */
  readonly digest: Uint8Array;
  readonly document: PolicyDocument;
}

/**
 * @param live policy of the epoch that is tallied: the shadow's document is this one with other numbers
 * @returns undefined unless it is approved under the registry of its version, differs from this very policy, and is within the bounds
 */
export function approvedShadowPolicy(
  { request, signature, approvals }: ApprovedShadow,
  live: PolicyDocument,
  people: PeopleChain,
): ShadowPolicy | undefined {
  const { parameters } = request;
  const document = shadowDocument(live, parameters);
  const digest = policyDigest(document);
  const registry = people.forPolicy(document.version);
  const holds =
    document.version > live.version &&
    needsOwnTallies(parameters) &&
    toBase64Url(digest) === parameters.digest &&
    registry !== undefined &&
    judgeFile({ request, signature, approvals }, registry, verify).granted &&
    checkPolicy(document, { production: false }).length === 0;
  return holds ? { digest, document } : undefined;
}
