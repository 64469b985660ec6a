import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BOX_OVERHEAD, BoxRefused, openBox, sealBox } from './sealed-box.js';

const key = randomBytes(32);
const context = Buffer.from('context');

describe('a sealed box', () => {
  it('gives back what was put in, and is as much longer as it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 40 }), (bytes, about) => {
        const box = sealBox(key, about, bytes);
        expect(box).toHaveLength(bytes.length + BOX_OVERHEAD);
        expect(Buffer.from(openBox(key, about, box)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('opens for no other key and no other context, and not when a bit or the length is another', () => {
    const box = sealBox(key, context, new Uint8Array(20));
    const refuses = (...[by, about, bytes]: Parameters<typeof openBox>) =>
      expect(() => openBox(by, about, bytes)).toThrow(BoxRefused);
    refuses(randomBytes(32), context, box);
    refuses(key, Buffer.from('other'), box);
    for (let at = 0; at < box.length; at++)
      refuses(
        key,
        context,
        box.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      );
    for (const length of [0, 1, BOX_OVERHEAD - 1, BOX_OVERHEAD, box.length - 1]) refuses(key, context, box.subarray(0, length));
    refuses(key, context, new Uint8Array([...box, 0]));
  });

  it('is another one each time', () => {
    const boxes = Array.from({ length: 100 }, () => Buffer.from(sealBox(key, context, new Uint8Array(4))).toString('hex'));
    expect(new Set(boxes).size).toBe(100);
  });
});
