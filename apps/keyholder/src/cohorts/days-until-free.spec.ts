import { describe, expect, it } from '@jest/globals';
import { daysUntilFree } from './cohort-rules.js';

describe('daysUntilFree', () => {
  it('is the window and the latest arrival of a signal, in whole days', () => {
    expect(daysUntilFree({ windowEpochs: 30, epochSeconds: 86_400 })).toBe(38);
    expect(daysUntilFree({ windowEpochs: 30, epochSeconds: 2 })).toBe(9);
    expect(daysUntilFree({ windowEpochs: 3, epochSeconds: 43_200 })).toBe(10);
  });
});
