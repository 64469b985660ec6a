import { describe, expect, it } from '@jest/globals';
import { countAbove } from './preview.js';

describe('what an act on many accounts would do', () => {
  it('is counted from a release batch on', () => {
    expect([countAbove(10, 10), countAbove(1_234, 10)]).toEqual([{ count: 10 }, { count: 1_234 }]);
  });

  it('is the same for every number below', () => {
    expect([countAbove(0, 10), countAbove(9, 10)]).toEqual([{ fewerThan: 10 }, { fewerThan: 10 }]);
  });
});
