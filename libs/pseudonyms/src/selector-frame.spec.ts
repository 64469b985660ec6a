import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SelectorId } from '#contracts';
import { readFrames } from './frame-stream.js';
import { frameBytes, fromFrame, fromFrames, toFrame, toFrames } from './selector-frame.js';
import { SelectorRefused } from './selector-refused.js';
import type { Selector } from './selector.js';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anySelector: fc.Arbitrary<Selector> = fc.record({
  selectorId: bytes(16).map((id) => id as SelectorId),
  keyEpoch: uint32,
  cohort: uint32,
  period: uint32,
  expiryDay: uint32,
  subject: bytes(32),
  bytes: bytes(16),
  signature: bytes(64),
});

async function all(chunks: Iterable<Uint8Array>, most?: number): Promise<Selector[]> {
  const out: Selector[] = [];
  for await (const selector of readFrames(chunks, 16, most)) out.push(selector);
  return out;
}

describe('selector frames', () => {
  it('have the layout and length of the contract', () => {
    const selector = fc.sample(anySelector, 1)[0]!;
    const frame = toFrame({ ...selector, keyEpoch: 1, cohort: 0x01020304, period: 7, expiryDay: 9 });
    expect(frame).toHaveLength(frameBytes(16));
    expect(frame).toHaveLength(16 + 4 * 4 + 32 + 64 + 16);
    expect([...frame.subarray(16, 32)]).toEqual([0, 0, 0, 1, 1, 2, 3, 4, 0, 0, 0, 7, 0, 0, 0, 9]);
    expect(frame.subarray(128)).toEqual(selector.bytes);
  });

  it('give every selector back', () => {
    fc.assert(fc.property(anySelector, (selector) => expect(fromFrame(toFrame(selector), 16)).toEqual(selector)));
  });

  it('read from a stream however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySelector, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 400 })),
        async (selectors, cuts) => {
          const body = toFrames(selectors);
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const cut of [...cuts, body.length]) {
            // the buffer of a chunk is used again by the network: what was read must not change with it
            chunks.push(body.slice(at, at + cut));
            at += cut;
          }
          const read = await all(chunks);
          chunks.forEach((chunk) => chunk.fill(0));
          expect(read).toEqual(selectors);
          expect(fromFrames(body, 16)).toEqual(selectors);
        },
      ),
    );
  });

  it('refuse a broken last frame and more frames than taken', async () => {
    const body = toFrames(fc.sample(anySelector, 3));
    await expect(all([body.subarray(0, -1)])).rejects.toMatchObject({ code: 'length', at: 2 });
    await expect(all([body], 2)).rejects.toMatchObject({ code: 'count' });
    expect(await all([body], 3)).toHaveLength(3);
    expect(() => fromFrames(body.subarray(1), 16)).toThrow(new SelectorRefused('length', 2));
    expect(() => fromFrames(body, 16, 2)).toThrow(new SelectorRefused('count', 2));
    expect(fromFrames(new Uint8Array(), 16)).toEqual([]);
  });

  it('refuse fields that a frame cannot hold', () => {
    const selector = fc.sample(anySelector, 1)[0]!;
    for (const wrong of [
      { cohort: -1 },
      { period: 2 ** 32 },
      { subject: new Uint8Array(31) },
      { signature: new Uint8Array(65) },
    ]) {
      expect(() => toFrame({ ...selector, ...wrong })).toThrow(new SelectorRefused('malformed'));
    }
    expect(() => toFrames([selector, { ...selector, bytes: new Uint8Array(17) }])).toThrow(new SelectorRefused('length', 1));
  });
});
