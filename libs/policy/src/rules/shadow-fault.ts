/** Why a shadow is none. Pure. */
import { toBase64Url, type PolicyDocument, type ShadowParameters } from '#contracts';
import { checkPolicy } from '../bounds/check-policy.js';
import { policyDigest } from './policy-digest.js';
import { changedSides, shadowDocument } from './shadow.js';

/** `differs-elsewhere`: its digest is not that of the live policy with its numbers. `bounds`: its numbers must not be together. */
export const shadowFaults = ['not-after-live', 'differs-elsewhere', 'same-numbers', 'bounds'] as const;
export type ShadowFault = (typeof shadowFaults)[number];

/** Undefined when it can be counted beside the live policy. Rules for production are about what the live policy has in common with it. */
export function shadowFault(live: PolicyDocument, parameters: ShadowParameters): ShadowFault | undefined {
  if (parameters.version <= live.version) return 'not-after-live';
  const document = shadowDocument(live, parameters);
  if (parameters.digest !== toBase64Url(policyDigest(document))) return 'differs-elsewhere';
  if (changedSides(live, parameters).length === 0) return 'same-numbers';
  return checkPolicy(document, { production: false }).length > 0 ? 'bounds' : undefined;
}
