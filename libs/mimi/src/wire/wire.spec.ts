import { describe, expect, it } from '@jest/globals';
import { WireReader } from './wire-reader.js';
import { utf8Vector, vector } from './wire-writer.js';

const head = (length: number) => [...vector(new Uint8Array(length)).subarray(0, vector(new Uint8Array(length)).length - length)];

describe('lengths of vectors', () => {
  it.each([
    [0, [0]],
    [63, [0x3f]],
    [64, [0x40, 0x40]],
    [16_383, [0x7f, 0xff]],
    [16_384, [0x80, 0, 0x40, 0]],
    [70_000, [0x80, 1, 0x11, 0x70]],
  ])('take the fewest bytes: %i', (length, bytes) => {
    expect(head(length)).toEqual(bytes);
    const reader = new WireReader(vector(new Uint8Array(length).fill(9)));
    expect(reader.opaque()).toEqual(new Uint8Array(length).fill(9));
    reader.end();
  });

  it('keep a byte order mark', () => {
    expect(new WireReader(utf8Vector('\ufeffa')).utf8()).toBe('\ufeffa');
  });
});
