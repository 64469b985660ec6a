/**
 * The policy that a shadow stands for: the live one with other numbers f, C and T0 of its negative side, or another positive threshold. Only
 * such a one can be evaluated on the live tallies; whatever else differs changes the sums themselves. Pure.
 */
import { toBase64Url, type PolicyDocument, type ShadowParameters, type Side } from '#contracts';
import { checkPolicy, policyDigest } from '#policy';

export const shadowFaults = {
  'not-after-live': 'its version does not come after the live one',
  'differs-elsewhere':
    'it differs from the live policy in more than f, clip and threshold of the negative side and the positive threshold',
  'same-numbers': 'it changes none of the numbers that a shadow may change',
  bounds: 'its numbers must not be together',
} as const;
export type ShadowFault = keyof typeof shadowFaults;

export const shadowDocument = (live: PolicyDocument, { version, negative, positive }: ShadowParameters): PolicyDocument => ({
  ...live,
  version,
  negative,
  positive: { ...live.positive, threshold: positive.threshold },
});

/**
 * Undefined when it can be evaluated beside the live policy. The digest says that nothing else differs. Rules for production are about what
 * the live policy has in common with it.
 */
export function shadowFault(live: PolicyDocument, parameters: ShadowParameters): ShadowFault | undefined {
  if (parameters.version <= live.version) return 'not-after-live';
  const document = shadowDocument(live, parameters);
  if (parameters.digest !== toBase64Url(policyDigest(document))) return 'differs-elsewhere';
  if (!changes(live, parameters, 'negative') && !changes(live, parameters, 'positive')) return 'same-numbers';
  return checkPolicy(document, { production: false }).length > 0 ? 'bounds' : undefined;
}

/** A side that stays as it is needs no report. */
export function changes(live: PolicyDocument, { negative, positive }: ShadowParameters, side: Side): boolean {
  if (side === 'positive') return positive.threshold !== live.positive.threshold;
  const { f, clip, threshold } = live.negative;
  return negative.f !== f || negative.clip !== clip || negative.threshold !== threshold;
}
