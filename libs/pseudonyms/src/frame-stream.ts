/** Reads selectors from a stream of concatenated frames, one at a time, however the network cuts it. Memory: one frame. */
import { frameBytes, fromFrame } from './selector-frame.js';
import { SelectorRefused } from './selector-refused.js';
import type { Selector } from './selector.js';

/**
 * Each selector owns its buffer. Signatures are not checked here.
 * @param most frames taken before the stream is refused
 * @throws SelectorRefused 'length' when the stream ends inside a frame, 'count' beyond `most`
 */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  selectorBytes: number,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Selector, void, undefined> {
  const length = frameBytes(selectorBytes);
  let frame = new Uint8Array(length);
  let filled = 0;
  let count = 0;
  for await (const chunk of chunks) {
    let taken = 0;
    while (taken < chunk.length) {
      if (count >= most) throw new SelectorRefused('count', count);
      const part = chunk.subarray(taken, taken + length - filled);
      frame.set(part, filled);
      taken += part.length;
      filled += part.length;
      if (filled < length) break;
      yield fromFrame(frame, selectorBytes);
      frame = new Uint8Array(length);
      filled = 0;
      count += 1;
    }
  }
  if (filled > 0) throw new SelectorRefused('length', count);
}
