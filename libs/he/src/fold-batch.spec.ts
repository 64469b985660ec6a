import { describe, expect, it } from '@jest/globals';
import { packTerms } from './fold-batch.js';
import { parameterSet } from './parameter-sets.js';

const set = parameterSet('plain-n2048');
const selectors = (count: number) => new Uint8Array(count * set.selectorBytes);
const refusal = (code: string) => expect.objectContaining({ name: 'FoldRefused', code });

describe('terms of a batch', () => {
  it('are packed as selector index, hub, weight', () => {
    const terms = [
      [{ hub: 7, weight: 1 }],
      [],
      [
        { hub: 0, weight: 3 },
        { hub: 7, weight: 516_096 },
      ],
    ];
    expect([...packTerms(set, { selectors: selectors(3), terms })]).toEqual([0, 7, 1, 2, 0, 3, 2, 7, 516_096]);
  });

  it('must be as many as the selectors', () => {
    expect(() => packTerms(set, { selectors: selectors(2), terms: [[]] })).toThrow(refusal('count'));
    expect(() => packTerms(set, { selectors: selectors(1).subarray(1), terms: [[]] })).toThrow(refusal('count'));
  });

  it('take no weight that is 0, negative, fractional, no number or from t/2 on', () => {
    for (const weight of [0, -1, 1.5, NaN, Infinity, 516_097]) {
      expect(() => packTerms(set, { selectors: selectors(1), terms: [[{ hub: 1, weight }]] })).toThrow(refusal('weight'));
    }
  });

  it('take no hub that is not an unsigned 32-bit integer', () => {
    for (const hub of [-1, 0.5, NaN, 2 ** 32]) {
      expect(() => packTerms(set, { selectors: selectors(1), terms: [[{ hub, weight: 1 }]] })).toThrow(refusal('hub'));
    }
  });
});
