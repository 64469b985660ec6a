/** A policy that may be followed: parsed, signed by the quorum and within its bounds. `readPolicy` is the only way to get one. Pure. */
import { signedPolicy, type PolicyDocument } from '#contracts';
import { checkPolicy, type CheckOptions } from '../bounds/check-policy.js';
import type { OperatorQuorum } from '../signing/operators.js';
import { PolicyRefused } from './policy-refused.js';
import { policyDigest, policySigners } from '../signing/signatures.js';

export interface Policy {
  readonly version: number;
  /** SHA-256 of the canonical bytes of the document, 32 bytes. */
  readonly digest: Uint8Array;
  readonly document: PolicyDocument;
}

export interface ReadOptions extends CheckOptions {
  readonly operators: OperatorQuorum;
  /** The set of the keys at hand: a policy for another one cannot be followed with them. */
  readonly parameterSet?: string | undefined;
  /** For the message of a refusal. */
  readonly file?: string;
}

/** @param value parsed JSON. @throws PolicyRefused: malformed, unsigned or bounds, with all violations. */
export function readPolicy(value: unknown, { operators, production, parameterSet, file }: ReadOptions): Policy {
  const parsed = signedPolicy.safeParse(value);
  if (!parsed.success) {
    throw new PolicyRefused(
      'malformed',
      parsed.error.issues.slice(0, 8).map(({ path, message }) => `${path.join('.')}: ${message}`),
      file,
    );
  }
  const { document } = parsed.data;
  const signers = policySigners(parsed.data, operators);
  if (signers.size < operators.quorum) {
    throw new PolicyRefused('unsigned', [`${signers.size} of the ${operators.quorum} signatures it needs are there`], file);
  }
  const violations = checkPolicy(document, { production });
  if (parameterSet !== undefined && document.parameterSet !== parameterSet) {
    violations.push(`it is for parameter set ${document.parameterSet}, the keys for ${parameterSet}`);
  }
  if (violations.length > 0) throw new PolicyRefused('bounds', violations, file);
  return { version: document.version, digest: policyDigest(document), document };
}
