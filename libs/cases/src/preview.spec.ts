import { describe, expect, it } from '@jest/globals';
import { countAbove } from './preview.js';

describe('what an act on many accounts would do', () => {
  it('is counted from ten accounts and a release batch on', () => {
    expect([countAbove(10, 1), countAbove(25, 25), countAbove(1_234, 10)]).toEqual([
      { count: 10 },
      { count: 25 },
      { count: 1_234 },
    ]);
  });

  it('is the same for every number below, however small a batch may be', () => {
    for (const batch of [1, 2, 10])
      for (let count = 0; count < 10; count++) expect(countAbove(count, batch)).toEqual({ fewerThan: 10 });
    expect(countAbove(24, 25)).toEqual({ fewerThan: 25 });
  });
});
