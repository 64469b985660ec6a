import { describe, expect, it } from '@jest/globals';
import { HubLimits } from './hub-limits.js';

describe('the limit of a hub', () => {
  it('is a bucket that fills with time', () => {
    const limits = new HubLimits();
    for (let i = 0; i < 10; i++) limits.count('a', 10, 0);
    expect(() => limits.count('a', 10, 0)).toThrow(
      expect.objectContaining({ code: 'hub-limit-reached', extensions: { retryAfterMs: 100 } }),
    );
    limits.count('a', 10, 100);
    expect(() => limits.count('a', 10, 150)).toThrow();
    limits.count('b', 10, 150);
    for (let i = 0; i < 10; i++) limits.count('a', 10, 100_000);
    expect(() => limits.count('a', 10, 100_000)).toThrow();
  });
});
