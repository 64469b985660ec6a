/**
 * Selectors as fixed-length binary frames, for streams of many (match passes, witnesses):
 * selectorId 16 ‖ keyEpoch u32 ‖ cohort u32 ‖ period u32 ‖ expiryDay u32 ‖ subject 32 ‖ signature 64 ‖ bytes; numbers big-endian.
 * One length per parameter set, so the length of a stream tells a count and nothing else.
 */
import type { SelectorId } from '#contracts';
import { isUint32 } from './selector-record.js';
import { SelectorRefused } from './selector-refused.js';
import type { Selector } from './selector.js';

const idBytes = 16;
const numbersAt = idBytes;
const subjectAt = numbersAt + 4 * 4;
const signatureAt = subjectAt + 32;
/** Bytes before the ciphertext. */
export const frameHeaderBytes = signatureAt + 64;

/** Length of a frame whose ciphertext has `selectorBytes`. */
export const frameBytes = (selectorBytes: number): number => frameHeaderBytes + selectorBytes;

/** @throws SelectorRefused 'malformed' for fields that a frame cannot hold */
export function toFrame(selector: Selector): Uint8Array {
  const out = new Uint8Array(frameBytes(selector.bytes.length));
  writeFrame(selector, out, 0);
  return out;
}

/** Frames behind each other, in the order given. All ciphertexts must have the same length. */
export function toFrames(selectors: readonly Selector[]): Uint8Array {
  const length = frameBytes(selectors[0]?.bytes.length ?? 0);
  const out = new Uint8Array(length * selectors.length);
  selectors.forEach((selector, at) => {
    if (frameBytes(selector.bytes.length) !== length) throw new SelectorRefused('length', at);
    writeFrame(selector, out, at * length);
  });
  return out;
}

function writeFrame(selector: Selector, out: Uint8Array, at: number): void {
  const { selectorId, keyEpoch, cohort, period, expiryDay, subject, signature, bytes } = selector;
  const numbers = [keyEpoch, cohort, period, expiryDay];
  if (selectorId.length !== idBytes || subject.length !== 32 || signature.length !== 64 || !numbers.every(isUint32)) {
    throw new SelectorRefused('malformed');
  }
  const view = new DataView(out.buffer, out.byteOffset);
  out.set(selectorId, at);
  numbers.forEach((value, i) => view.setUint32(at + numbersAt + 4 * i, value));
  out.set(subject, at + subjectAt);
  out.set(signature, at + signatureAt);
  out.set(bytes, at + frameHeaderBytes);
}

/** Reads one frame. The fields are views of `frame`: copy it first when its buffer is used again. Says nothing about the signature. */
export function fromFrame(frame: Uint8Array, selectorBytes: number): Selector {
  if (frame.length !== frameBytes(selectorBytes)) throw new SelectorRefused('length');
  const view = new DataView(frame.buffer, frame.byteOffset);
  return {
    selectorId: frame.subarray(0, idBytes) as SelectorId,
    keyEpoch: view.getUint32(numbersAt),
    cohort: view.getUint32(numbersAt + 4),
    period: view.getUint32(numbersAt + 8),
    expiryDay: view.getUint32(numbersAt + 12),
    subject: frame.subarray(subjectAt, signatureAt),
    signature: frame.subarray(signatureAt, frameHeaderBytes),
    bytes: frame.subarray(frameHeaderBytes),
  };
}

/** Reads a whole body of frames; views, no copies. @throws SelectorRefused 'length' for a broken last frame, 'count' beyond `most` */
export function fromFrames(body: Uint8Array, selectorBytes: number, most = Number.POSITIVE_INFINITY): Selector[] {
  const length = frameBytes(selectorBytes);
  const count = Math.ceil(body.length / length);
  if (count > most) throw new SelectorRefused('count', most);
  if (body.length % length !== 0) throw new SelectorRefused('length', count - 1);
  return Array.from({ length: count }, (_, at) => fromFrame(body.subarray(at * length, (at + 1) * length), selectorBytes));
}
