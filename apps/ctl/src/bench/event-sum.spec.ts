import { describe, expect, it } from '@jest/globals';
import { eventSum } from './event-sum.js';

const log = ['{"event":"selectors-shown","selectors":256}', '{"event":"other","selectors":9,"of":"selectors-shown"}', 'not JSON'];

describe('the sum over events', () => {
  it('adds the numbers of one event up and passes everything else over', () => {
    expect(eventSum([...log, ...log].join('\n'), 'selectors-shown', 'selectors')).toBe(512);
    expect(eventSum(log.join('\n'), 'selectors-shown', 'seconds')).toBe(0);
  });

  it('bears with a line that is not written to its end', () => {
    expect(eventSum(`${log[0]}\n{"event":"selectors-shown","selec`, 'selectors-shown', 'selectors')).toBe(256);
  });
});
