/**
 * A policy that may be followed: parsed, approved by people and within its bounds. `readPolicy` is the only way to get one. Pure.
 */
import { judgeFile, type PeopleChain } from '#approvals';
import { approvedPolicy, toBase64Url, type PolicyDocument } from '#contracts';
import { verify } from '#platform';
import { checkPolicy, type CheckOptions } from '../bounds/check-policy.js';
import { policyDigest } from '../rules/policy-digest.js';
import { PolicyRefused } from './policy-refused.js';

export interface Policy {
  readonly version: number;
  /** SHA-256 of the canonical bytes of the document, 32 bytes. */
  readonly digest: Uint8Array;
  readonly document: PolicyDocument;
  readonly author: string;
  /** Other people than the author, in the order of the file. */
  readonly approvers: readonly string[];
  /** Of the registry of people it was approved under. */
  readonly people: number;
  /** Until when it could be approved. */
  readonly expiresAt: Date;
}

export interface ReadOptions extends CheckOptions {
  readonly people: PeopleChain;
  /** The set of the keys at hand: a policy for another one cannot be followed with them. */
  readonly parameterSet?: string | undefined;
  /** For the message of a refusal. */
  readonly file?: string;
}

/** @param value parsed JSON. @throws PolicyRefused: malformed, unapproved or bounds, with all violations. */
export function readPolicy(value: unknown, { people, production, parameterSet, file }: ReadOptions): Policy {
  const parsed = approvedPolicy.safeParse(value);
  if (!parsed.success) {
    throw new PolicyRefused(
      'malformed',
      parsed.error.issues.slice(0, 8).map(({ path, message }) => `${path.join('.')}: ${message}`),
      file,
    );
  }
  const { document, request, signature, approvals } = parsed.data;
  const digest = policyDigest(document);
  const { parameters } = request;
  if (parameters.version !== document.version || parameters.digest !== toBase64Url(digest))
    throw new PolicyRefused('unapproved', ['the request is for another document'], file);
  const registry = people.forPolicy(document.version);
  if (!registry) throw new PolicyRefused('unapproved', ['it is older than the registry of people that is pinned here'], file);
  const judged = judgeFile({ request, signature, approvals }, registry, verify);
  if (!judged.granted) throw new PolicyRefused('unapproved', [judged.words], file);
  const violations = checkPolicy(document, { production });
  if (parameterSet !== undefined && document.parameterSet !== parameterSet) {
    violations.push(`it is for parameter set ${document.parameterSet}, the keys for ${parameterSet}`);
  }
  if (violations.length > 0) throw new PolicyRefused('bounds', violations, file);
  return {
    version: document.version,
    digest,
    document,
    author: request.requester,
    approvers: judged.approvers,
    people: registry.version,
    expiresAt: new Date(request.expiresAt),
  };
}
