import { describe, expect, it } from '@jest/globals';
import { reasonsText } from './reasons-text.js';

describe('why a pseudonym was suspended, in words', () => {
  it('does not say more than the band', () => {
    expect(reasonsText({ operators: { least: 0, most: 2 }, reasons: [] })).toMatch(
      /^few: signals of 2 operators at most, perhaps of none\n/,
    );
    expect(reasonsText({ operators: { least: 3, most: 5 }, reasons: ['spam', 'ban'] })).toBe(
      'signals of 3 to 5 operators, for spam, ban',
    );
    expect(reasonsText({ operators: { least: 6 }, reasons: [] })).toBe(
      'signals of 6 operators or more, for reasons of which none was given by three',
    );
  });
});
