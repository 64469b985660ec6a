/** A million mutated and random byte strings through the decoder: it refuses with its own error or gives back exactly what it took. */
import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeAbuseReport, encodeAbuseReport } from './abuse-report.js';
import { anyReport, messageOf, reportOf } from './abuse-report.fixture.js';
import { MimiRefused } from '../wire/refused.js';

const cases = 1_000_000;
const seed = randomInt(1, 2 ** 31);

/** Marsaglia's xorshift32: [0, below). */
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}
let state = seed;

const samples = [
  ...fc.sample(anyReport, { seed, numRuns: 60 }).map(encodeAbuseReport),
  encodeAbuseReport(reportOf()),
  encodeAbuseReport(reportOf({ messages: [messageOf(1), messageOf(2)], note: 'two' })),
  encodeAbuseReport(
    reportOf({ abuseExtensions: [6, 7, 0x8001].map((componentId) => ({ componentId, data: Uint8Array.of(1) })) }),
  ),
].filter(({ length }) => length < 600);

/** Bytes where the structure is decided: lengths at the edges of their forms. */
const telling = [0, 1, 0x3f, 0x40, 0x41, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xff];
const byte = () => (random(2) === 0 ? telling[random(telling.length)]! : random(256));

function next(buffer: Uint8Array): Uint8Array {
  if (random(4) === 0) {
    const bytes = buffer.subarray(0, random(64));
    for (let i = 0; i < bytes.length; i++) bytes[i] = byte();
    return bytes;
  }
  const sample = samples[random(samples.length)]!;
  buffer.set(sample);
  let length = sample.length;
  for (let left = random(4); left >= 0; left--) {
    const at = random(length + 1);
    const kind = random(5);
    if (kind === 0 && length > at) {
      buffer.copyWithin(at, at + 1, length--); // a byte less
    } else if (kind === 1 && length < buffer.length) {
      buffer.copyWithin(at + 1, at, length++); // a byte more
      buffer[at] = byte();
    } else if (kind === 2) {
      length = at; // cut
    } else if (kind === 3) {
      buffer[at] = (buffer[at] ?? 0) ^ (1 << random(8)); // one bit
    } else {
      buffer[at] = byte();
    }
  }
  return buffer.subarray(0, length);
}

describe('the decoder of abuse reports', () => {
  it(`takes ${cases.toLocaleString('en')} byte strings and never gives back other bytes (seed ${seed})`, () => {
    const buffer = new Uint8Array(1_024);
    const stackTraceLimit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0; // most cases end in an error, and nobody reads their traces
    const seen = { taken: 0, refused: 0 };
    let wrong: string | undefined;
    try {
      for (let i = 0; i < cases && wrong === undefined; i++) {
        const bytes = next(buffer);
        try {
          const report = decodeAbuseReport(bytes);
          seen.taken++;
          if (Buffer.compare(encodeAbuseReport(report), bytes) !== 0) wrong = `case ${i} comes out differently: ${hexOf(bytes)}`;
        } catch (error) {
          seen.refused++;
          if (!(error instanceof MimiRefused)) wrong = `case ${i} gives ${String(error)}: ${hexOf(bytes)}`;
        }
      }
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    expect(wrong).toBeUndefined();
    // both ends are really reached
    expect(seen.taken).toBeGreaterThan(cases / 50);
    expect(seen.refused).toBeGreaterThan(cases / 4);
  });
});

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
