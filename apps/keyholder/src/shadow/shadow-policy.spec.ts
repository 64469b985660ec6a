import { describe, expect, it } from '@jest/globals';
import { toBase64Url, type PolicyDocument, type ShadowParameters } from '#contracts';
import { defaultPolicy, policyDigest } from '#policy';
import { changes, shadowDocument, shadowFault } from './shadow-policy.js';

const live = defaultPolicy({ version: 3, domain: 'provider.example', audience: 'https://provider.example' });
const numbersOf = ({ version, negative, positive: { threshold } }: PolicyDocument) => ({
  version,
  negative,
  positive: { threshold },
});
/** As ctl makes it from a draft. */
const asked = (draft: PolicyDocument): ShadowParameters => ({
  ...numbersOf(draft),
  digest: toBase64Url(policyDigest(draft)),
});
const draft = (change: Partial<PolicyDocument> = {}): PolicyDocument => ({ ...live, version: 4, ...change });
const lower = { ...live.negative, threshold: 30 };

describe('a shadow policy', () => {
  it.each<[string, PolicyDocument]>([
    ['T0', draft({ negative: lower })],
    ['f and C', draft({ negative: { f: 2, clip: 50, threshold: 40 } })],
    ['the positive threshold', draft({ positive: { ...live.positive, threshold: 4 } })],
  ])('may differ in %s', (_, document) => {
    expect(shadowFault(live, asked(document))).toBeUndefined();
    expect(shadowDocument(live, asked(document))).toEqual(document);
  });

  it.each<[string, PolicyDocument]>([
    ['weights', draft({ negative: lower, weights: { ...live.weights, kick: 3 } })],
    ['decay', draft({ negative: lower, decay: { ...live.decay, table: live.decay.table.map(() => 1) } })],
    ['caps', draft({ negative: lower, capPerHubAndPseudonym: 30 })],
    ['the clip of commendations', draft({ negative: lower, positive: { ...live.positive, clip: 3 } })],
  ])('is refused when it differs in %s', (_, document) => {
    expect(shadowFault(live, asked(document))).toBe('differs-elsewhere');
  });

  it('is refused when it changes nothing, comes too early, or could not be followed', () => {
    expect(shadowFault(live, asked(draft()))).toBe('same-numbers');
    expect(shadowFault(live, asked(draft({ version: 3, negative: lower })))).toBe('not-after-live');
    expect(shadowFault(live, asked(draft({ negative: { ...lower, f: 0 } })))).toBe('bounds');
  });

  it('needs no report about a side that stays as it is', () => {
    const parameters = asked(draft({ negative: lower }));
    expect([changes(live, parameters, 'negative'), changes(live, parameters, 'positive')]).toEqual([true, false]);
  });
});
