/** Why a shadow is not begun. Pure. */
import { toBase64Url, type PolicyDocument, type ShadowParameters } from '#contracts';
import { changedSides, checkPolicy, policyDigest, shadowDocument } from '#policy';

export const shadowFaults = {
  'not-after-live': 'its version does not come after the live one',
  'differs-elsewhere': 'its digest is not that of the live policy with its numbers: it was made from another',
  'same-numbers': 'it changes none of the numbers that a shadow may change',
  bounds: 'its numbers must not be together',
} as const;
export type ShadowFault = keyof typeof shadowFaults;

/** Undefined when it can be counted beside the live policy. Rules for production are about what the live policy has in common with it. */
export function shadowFault(live: PolicyDocument, parameters: ShadowParameters): ShadowFault | undefined {
  if (parameters.version <= live.version) return 'not-after-live';
  const document = shadowDocument(live, parameters);
  if (parameters.digest !== toBase64Url(policyDigest(document))) return 'differs-elsewhere';
  if (changedSides(live, parameters).length === 0) return 'same-numbers';
  return checkPolicy(document, { production: false }).length > 0 ? 'bounds' : undefined;
}
