import { describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import { defaultPolicy, policyDigest } from '#policy';
import { shadowOf } from './shadow-of.js';
import { shadowText } from './shadow-text.js';

const live = defaultPolicy({ version: 3, domain: 'p.example', audience: 'https://p.example' });
const draft = { ...live, version: 4, negative: { ...live.negative, threshold: 50 } };

describe('a shadow of a draft', () => {
  it('carries the numbers that differ and the digest of the whole', () => {
    expect(shadowOf(live, draft)).toEqual({
      version: 4,
      digest: toBase64Url(policyDigest(draft)),
      negative: draft.negative,
      positive: { threshold: live.positive.threshold },
    });
  });

  it('carries weights, decay, cap and trust where they differ, and nothing of what does not', () => {
    const weights = { ...live.weights, kick: 9 };
    const digest = expect.any(String) as unknown;
    const { negative, positive } = live;
    const rest = { version: 4, digest, negative, positive: { threshold: positive.threshold } };
    expect(shadowOf(live, { ...live, version: 4, weights })).toEqual({ ...rest, weights });
    expect(shadowOf(live, { ...live, version: 4, capPerHubAndPseudonym: 9 })).toEqual({ ...rest, capPerHubAndPseudonym: 9 });
  });

  it('says what it cannot change', () => {
    expect(() => shadowOf(live, { ...draft, minPseudonyms: 9 })).toThrow('a shadow cannot change minPseudonyms');
    expect(() => shadowOf(live, { ...live, version: 4 })).toThrow('the draft changes nothing');
  });

  it('reads as a table, and says when the budget is spent', () => {
    const parameters = { ...shadowOf(live, draft), request: 'A'.repeat(43) };
    const counts = [120, 40, 11, null, null];
    const text = shadowText({
      shadow: parameters,
      budget: { period: 690, spent: 10, limit: 10, perReport: 1 },
      reports: [{ epoch: 7, side: 'negative', version: 4, counts }],
    });
    expect(text).toMatch(/7 │ negative │ +4 │ +120 │ +40 │ +11 │ < 10 +│ < 10/);
    expect(text).toContain('no more reports until the next');
  });
});
