import { describe, expect, it } from '@jest/globals';
import { drawList, endedNext, FIRST_LISTS, isSet, LIST_BYTES, LIST_SIZE, listsToOpen } from './list-bits.js';

const packed = (...indices: number[]): Uint8Array => {
  const bytes = Buffer.alloc(4 * indices.length);
  indices.forEach((index, at) => bytes.writeUInt32BE(index, 4 * at));
  return bytes;
};
const count = (bits: Uint8Array) => {
  let set = 0;
  for (let index = 0; index < LIST_SIZE; index++) if (isSet(bits, index)) set += 1;
  return set;
};
const empty = new Uint8Array(LIST_BYTES);

describe('a list', () => {
  it('has a quarter of decoys and an eighth of cover, never the same, and other ones in each list', () => {
    const [one, other] = [drawList(), drawList()];
    // six standard deviations are 0.9 % of the list
    expect(Math.abs(count(one.decoys) / LIST_SIZE - 1 / 4)).toBeLessThan(0.009);
    expect(Math.abs(count(one.cover) / LIST_SIZE - 1 / 8)).toBeLessThan(0.009);
    expect(one.decoys.some((byte, at) => (byte & one.cover[at]!) !== 0)).toBe(false);
    expect(Buffer.compare(one.decoys, other.decoys)).not.toBe(0);
  });

  it('shows what has ended, least significant bit first, and keeps showing it', () => {
    const first = endedNext(empty, empty, packed(0, 9, 131_071));
    expect([first[0], first[1], first[LIST_BYTES - 1]]).toEqual([1, 2, 128]);
    expect(count(first)).toBe(3);
    const next = endedNext(first, empty, packed(3));
    expect([next[0], count(next)]).toEqual([9, 4]);
  });

  it('lets some of the cover end with each publication, and nothing else', () => {
    const { decoys, cover } = drawList();
    let shown: Uint8Array = decoys;
    let changed = 0;
    for (let publication = 0; publication < 60; publication++) {
      const next = endedNext(shown, cover, new Uint8Array());
      expect(next.some((byte, at) => (byte & ~(decoys[at]! | cover[at]!)) !== 0)).toBe(false);
      changed += count(next) - count(shown);
      shown = next;
    }
    // mean 4 a publication: 240, standard deviation 15.5; six of them
    expect(Math.abs(changed - 240)).toBeLessThan(93);
  });
});

describe('lists', () => {
  it('are opened in blocks, once half of what is for pseudonyms was given', () => {
    expect(listsToOpen(0, 0)).toBe(FIRST_LISTS);
    const half = (lists: number) => (lists * LIST_SIZE * 5) / 16;
    expect(listsToOpen(8, half(8))).toBe(0);
    expect(listsToOpen(8, half(8) + 1)).toBe(8);
    expect(listsToOpen(64, half(64) + 1)).toBe(16);
  });
});
