/** Signatures and digest of a policy: Ed25519 over frame(labels.policy, canonical bytes), digest SHA-256 of the canonical bytes. */
import { createHash } from 'node:crypto';
import { canonicalBytes, frame, labels, toBase64Url, type PolicyDocument, type SignedPolicy } from '#contracts';
import type { SigningKey } from '#platform';
import { isSignedBy, type OperatorQuorum } from './operators.js';

export const policyDigest = (document: PolicyDocument): Uint8Array =>
  new Uint8Array(createHash('sha256').update(canonicalBytes(document)).digest());

const message = (document: PolicyDocument) => frame(labels.policy, canonicalBytes(document));

export interface PolicySigner {
  readonly operator: string;
  readonly key: SigningKey;
}

export function signPolicy(document: PolicyDocument, signers: readonly PolicySigner[]): SignedPolicy {
  const bytes = message(document);
  return {
    document,
    signatures: signers.map(({ operator, key }) => ({ operator, signature: toBase64Url(key.sign(bytes)) })),
  };
}

/** Ids of the pinned operators who have signed exactly this document; each counts once. */
export function policySigners({ document, signatures }: SignedPolicy, operators: OperatorQuorum): ReadonlySet<string> {
  const bytes = message(document);
  const signers = new Set<string>();
  for (const { operator, signature } of signatures) {
    const key = operators.keys.get(operator);
    if (key && isSignedBy(key, bytes, signature)) signers.add(operator);
  }
  return signers;
}
