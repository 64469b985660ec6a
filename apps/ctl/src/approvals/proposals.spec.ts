import { describe, expect, it } from '@jest/globals';
import { proposalRow } from './proposals-command.js';

const found = { proposal: 'x'.repeat(43), batch: 3, remedy: 'suspend' as const };

describe('what was found related', () => {
  it('is counted out from ten accounts on, and is one text below', () => {
    expect(proposalRow({ ...found, count: 1_204 }).at(-1)).toBe('1,204');
    expect(proposalRow({ ...found, fewerThan: 10 }).at(-1)).toBe('fewer than 10');
  });
});
