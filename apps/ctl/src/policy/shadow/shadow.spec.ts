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

  it('says what it cannot change', () => {
    expect(() => shadowOf(live, { ...draft, weights: { ...live.weights, kick: 9 } })).toThrow(
      'a shadow cannot change weights.kick',
    );
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
