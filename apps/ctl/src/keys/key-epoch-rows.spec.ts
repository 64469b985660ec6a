import { describe, expect, it } from '@jest/globals';
import { keyEpochTable } from './key-epoch-rows.js';

describe('the table of key epochs', () => {
  it('says what still needs each secret, and when it goes or went', () => {
    const counts = { begunDay: 20_000, cohorts: 8, positions: 0 };
    const lines = keyEpochTable([
      { ...counts, number: 1, state: 'destroyed', destroyedDay: 20_100 },
      { ...counts, number: 2, state: 'winding-down', positions: 41, freeDay: 20_150 },
      { ...counts, number: 3, state: 'in-use', positions: 977 },
    ]).split('\n');
    expect(lines.at(-4)).toMatch(/ 1 .*destroyed .*2024-10-04 .*8 .*0 .*went 2025-01-12/);
    expect(lines.at(-3)).toMatch(/ 2 .*winding-down .*41 .*goes 2025-03-03/);
    expect(lines.at(-2)).toMatch(/ 3 .*in-use .*977 .*needed/);
  });
});
