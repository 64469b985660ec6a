import { describe, expect, it } from '@jest/globals';
import { toBase64Url, type PolicyDocument, type ShadowParameters } from '#contracts';
import { defaultPolicy, policyDigest } from '#policy';
import { shadowFault } from './shadow-policy.js';

const live = defaultPolicy({ version: 3, domain: 'provider.example', audience: 'https://provider.example' });
const draft = (change: Partial<PolicyDocument> = {}): PolicyDocument => ({ ...live, version: 4, ...change });
const lower = { ...live.negative, threshold: 30 };
/** As ctl makes it from a draft. @param more beside the thresholds */
const asked = (document: PolicyDocument, more: Partial<ShadowParameters> = {}): ShadowParameters => ({
  version: document.version,
  negative: document.negative,
  positive: { threshold: document.positive.threshold },
  digest: toBase64Url(policyDigest(document)),
  ...more,
});

describe('a shadow policy', () => {
  const weights = { ...live.weights, kick: 3 };

  it.each<[string, ShadowParameters]>([
    ['T0', asked(draft({ negative: lower }))],
    ['f and C', asked(draft({ negative: { f: 2, clip: 50, threshold: 40 } }))],
    ['the positive threshold', asked(draft({ positive: { ...live.positive, threshold: 4 } }))],
    ['weights', asked(draft({ weights }), { weights })],
    ['the cap', asked(draft({ capPerHubAndPseudonym: 30 }), { capPerHubAndPseudonym: 30 })],
  ])('may differ in %s', (_, parameters) => {
    expect(shadowFault(live, parameters)).toBeUndefined();
  });

  it.each<[string, PolicyDocument]>([
    ['what it does not say', draft({ weights })],
    ['the clip of commendations', draft({ negative: lower, positive: { ...live.positive, clip: 3 } })],
    ['the limits', draft({ negative: lower, limits: { ...live.limits, maxPseudonyms: 9 } })],
  ])('is refused when it was made from a document that differs in %s', (_, document) => {
    expect(shadowFault(live, asked(document))).toBe('differs-elsewhere');
  });

  it('is refused when it changes nothing, comes too early, or could not be followed', () => {
    expect(shadowFault(live, asked(draft()))).toBe('same-numbers');
    expect(shadowFault(live, asked(draft(), { weights: live.weights }))).toBe('same-numbers');
    expect(shadowFault(live, asked(draft({ version: 3, negative: lower })))).toBe('not-after-live');
    expect(shadowFault(live, asked(draft({ negative: { ...lower, f: 0 } })))).toBe('bounds');
    const capPerHubAndPseudonym = 10_000;
    expect(shadowFault(live, asked(draft({ capPerHubAndPseudonym }), { capPerHubAndPseudonym }))).toBe('bounds');
  });
});
