/**
 * Bits of one list: which indices are decoys, and what a publication changes. A quarter is shown ended from the start (decoys, on which
 * pseudonyms that are not active are placed); an eighth ends by chance, a few with each publication (cover), so that no publication says
 * by itself how many pseudonyms have ended. The rest is for pseudonyms. Nothing that is shown ended ever comes back. Pure but for chance.
 */
import { randomBytes } from 'node:crypto';

/** Indices of a list. */
export const LIST_SIZE = 2 ** 17;
export const LIST_BYTES = LIST_SIZE / 8;
/** Lists that are made at the first start: a power of two. Decoys for pseudonyms that are not active are theirs, for ever. */
export const FIRST_LISTS = 8;
/** Of 65,536: an index of the cover ends with one publication in 4,096, four of a new list each time. */
const COVER_ENDS = 16;
/** Share of the indices that are for pseudonyms. */
const USABLE = 5 / 8;

export interface ListBits {
  readonly decoys: Uint8Array;
  readonly cover: Uint8Array;
}

export const isSet = (bits: Uint8Array, index: number): boolean => ((bits[index >>> 3]! >> (index & 7)) & 1) === 1;

export function drawList(): ListBits {
  const [one, other, third] = [randomBytes(LIST_BYTES), randomBytes(LIST_BYTES), randomBytes(LIST_BYTES)];
  return {
    decoys: one.map((byte, at) => byte & other[at]!),
    cover: one.map((byte, at) => byte & ~other[at]! & third[at]!),
  };
}

/** Reads packed indices: four bytes each, big-endian. @returns what is shown next: all of `shown`, these, and some of the cover */
export function endedNext(shown: Uint8Array, cover: Uint8Array, packed: Uint8Array): Uint8Array {
  const ended = Uint8Array.from(shown);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  for (let at = 0; at < packed.length; at += 4) {
    const index = view.getUint32(at);
    ended[index >>> 3]! |= 1 << (index & 7);
  }
  const chance = randomBytes(2 * LIST_SIZE);
  for (let index = 0; index < LIST_SIZE; index++) {
    if (isSet(cover, index) && chance.readUInt16LE(2 * index) < COVER_ENDS) ended[index >>> 3]! |= 1 << (index & 7);
  }
  return ended;
}

/** Half of what is for pseudonyms was given: draws then find a free index at the first or second try, and room is left until the next look. */
export const listsToOpen = (lists: number, given: number): number => {
  if (lists === 0) return FIRST_LISTS;
  return given > (lists * LIST_SIZE * USABLE) / 2 ? Math.max(FIRST_LISTS, Math.ceil(lists / 4)) : 0;
};
