import { describe, expect, it } from '@jest/globals';
import { PLACE_BYTES, readDueFrame } from './due-frame.js';

const frame = (...changes: number[]) =>
  Uint8Array.from([0, 0, 1, 2, ...changes.flatMap((change) => [change, ...new Array<number>(16).fill(7)])]);

describe('a frame of what is due', () => {
  it('has a number and places, each with a change', () => {
    const read = readDueFrame(frame(0, 1, 2))!;
    expect(read.number).toBe(258);
    expect(read.places.map(({ change }) => change)).toEqual(['revoked', 'disabled', 'enabled']);
    expect(read.places.every(({ selectorId }) => selectorId.length === PLACE_BYTES - 1)).toBe(true);
  });

  it('is none with a change that nobody knows, or cut short', () => {
    expect(readDueFrame(frame(3))).toBeUndefined();
    expect(readDueFrame(frame(0).subarray(0, 20))).toBeUndefined();
    expect(readDueFrame(new Uint8Array(3))).toBeUndefined();
  });
});
