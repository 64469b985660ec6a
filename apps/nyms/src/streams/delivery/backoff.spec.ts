import { describe, expect, it } from '@jest/globals';
import { waitAfter } from './backoff.js';

describe('the wait after failures', () => {
  it('doubles up to a quarter of an hour, half of it by chance', () => {
    expect([1, 2, 3, 10, 11, 1_000].map((failures) => waitAfter(failures, 1))).toEqual([
      1_000, 2_000, 4_000, 512_000, 900_000, 900_000,
    ]);
    expect(waitAfter(1, 0)).toBe(500);
  });

  it('is as long as the receiver asks, within a day', () => {
    expect(waitAfter(1, 0, 7_200_000)).toBe(7_200_000);
    expect(waitAfter(1, 0, 1e12)).toBe(86_400_000);
  });
});
