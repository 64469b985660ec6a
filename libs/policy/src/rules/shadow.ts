/**
 * The policy that a shadow stands for: the live one with other numbers. Other f, clip and thresholds are evaluated on the live tallies; other
 * weights, decay, caps or trust change the sums, so they need tallies of their own. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { sides, toBase64Url, type PolicyDocument, type ShadowParameters, type Side } from '#contracts';
import { policyDigest } from './policy-digest.js';

/** What a request for the draft as a shadow says. Whatever else differs is not in it, and shows in the digest. */
export function shadowParametersOf(live: PolicyDocument, draft: PolicyDocument): ShadowParameters {
  const { version, negative, positive, weights, decay, capPerHubAndPseudonym } = draft;
  const trusted = new Map(live.hubs.map(({ id, trust }) => [id, trust]));
  const trust = Object.fromEntries(draft.hubs.flatMap((hub) => (hub.trust === trusted.get(hub.id) ? [] : [[hub.id, hub.trust]])));
  const differs = (one: keyof PolicyDocument) => !isDeepStrictEqual(live[one], draft[one]);
  return {
    version,
    digest: toBase64Url(policyDigest(draft)),
    negative,
    positive: { threshold: positive.threshold },
    ...(differs('weights') && { weights }),
    ...(differs('decay') && { decay }),
    ...(differs('capPerHubAndPseudonym') && { capPerHubAndPseudonym }),
    ...(Object.keys(trust).length > 0 && { trust }),
  };
}

export function shadowDocument(live: PolicyDocument, parameters: ShadowParameters): PolicyDocument {
  const { version, negative, positive, weights, decay, capPerHubAndPseudonym, trust = {} } = parameters;
  return {
    ...live,
    version,
    negative,
    positive: { ...live.positive, threshold: positive.threshold },
    weights: weights ?? live.weights,
    decay: decay ?? live.decay,
    capPerHubAndPseudonym: capPerHubAndPseudonym ?? live.capPerHubAndPseudonym,
    hubs: live.hubs.map((hub) => ({ ...hub, trust: trust[hub.id] ?? hub.trust })),
  };
}

/** Does it change what the tallies add up? */
export const needsOwnTallies = ({ weights, decay, capPerHubAndPseudonym, trust }: ShadowParameters): boolean =>
  [weights, decay, capPerHubAndPseudonym, trust].some((one) => one !== undefined);

/** Sides on which it may come to something else than the live policy: the others need no report. */
export function changedSides(live: PolicyDocument, parameters: ShadowParameters): Side[] {
  const shadow = shadowDocument(live, parameters);
  return sides.filter((side) => !isDeepStrictEqual(numbersOf(live, side), numbersOf(shadow, side)));
}

/** All numbers that a side depends on. */
function numbersOf({ negative, positive, weights, decay, capPerHubAndPseudonym, hubs }: PolicyDocument, side: Side) {
  const { commend, ...abuse } = weights;
  const own = side === 'positive' ? [positive.threshold, commend] : [negative, abuse];
  return [...own, decay, capPerHubAndPseudonym, hubs.map(({ trust }) => trust)];
}
