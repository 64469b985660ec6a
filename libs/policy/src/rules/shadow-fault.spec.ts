import { describe, expect, it } from '@jest/globals';
import type { PolicyDocument } from '#contracts';
import { defaultPolicy } from './default-policy.js';
import { shadowFault } from './shadow-fault.js';
import { shadowParametersOf } from './shadow.js';

const live = defaultPolicy({ version: 3, domain: 'provider.example', audience: 'https://provider.example' });
const draft = (change: Partial<PolicyDocument> = {}): PolicyDocument => ({ ...live, version: 4, ...change });
const lower = { ...live.negative, threshold: 30 };
/** As ctl makes it from a draft. */
const asked = (document: PolicyDocument) => shadowParametersOf(live, document);

describe('a shadow policy', () => {
  const weights = { ...live.weights, kick: 3 };

  it.each<[string, PolicyDocument]>([
    ['T0', draft({ negative: lower })],
    ['f and C', draft({ negative: { f: 2, clip: 50, threshold: 40 } })],
    ['the positive threshold', draft({ positive: { ...live.positive, threshold: 4 } })],
    ['weights', draft({ weights })],
    ['the cap', draft({ capPerHubAndPseudonym: 30 })],
  ])('may differ in %s', (_, document) => {
    expect(shadowFault(live, asked(document))).toBeUndefined();
  });

  it('is refused when it does not say what its document differs in', () => {
    const { weights: _, ...silent } = asked(draft({ negative: lower, weights }));
    expect(shadowFault(live, silent)).toBe('differs-elsewhere');
  });

  it.each<[string, PolicyDocument]>([
    ['the clip of commendations', draft({ negative: lower, positive: { ...live.positive, clip: 3 } })],
    ['the limits', draft({ negative: lower, limits: { ...live.limits, maxPseudonyms: 9 } })],
  ])('is refused when it was made from a document that differs in %s', (_, document) => {
    expect(shadowFault(live, asked(document))).toBe('differs-elsewhere');
  });

  it('is refused when it changes nothing, comes too early, or could not be followed', () => {
    expect(shadowFault(live, asked(draft()))).toBe('same-numbers');
    expect(shadowFault(live, { ...asked(draft()), weights: live.weights })).toBe('same-numbers');
    expect(shadowFault(live, asked(draft({ version: 3, negative: lower })))).toBe('not-after-live');
    expect(shadowFault(live, asked(draft({ negative: { ...lower, f: 0 } })))).toBe('bounds');
    expect(shadowFault(live, asked(draft({ capPerHubAndPseudonym: 10_000 })))).toBe('bounds');
  });
});
