/**
 * What selectors' own bytes might give away: a seed that is used again or derived, coefficients that lie near each other, a histogram
 * that leans. The layout is libs/he's, which is public.
 */
import { ciphertextHeaderBytes, seedBytes, wordBytes } from '#he';
import type { PairColumns } from './pair-columns.js';

/** Coefficients of each selector that are compared; more would take longer and tell the same. */
const COMPARED = 96;

export function selectorColumns(columns: PairColumns, selectors: readonly Buffer[], modulus: number): void {
  columns.hamming(
    'seed',
    selectors.map((bytes) => bytes.subarray(-seedBytes)),
  );
  columns.hamming(
    'header',
    selectors.map((bytes) => bytes.subarray(0, ciphertextHeaderBytes)),
  );
  const coefficients = selectors.map((bytes) => coefficientsOf(bytes));
  columns.add('coefficients apart', (one, other) => meanDistance(coefficients[one]!, coefficients[other]!, modulus));
  columns.add('coefficients together', (one, other) => meanProduct(coefficients[one]!, coefficients[other]!, modulus));
  const shapes = selectors.map((bytes) => shapeOf(bytes));
  columns.distance(
    'selector mean',
    shapes.map(({ mean }) => mean),
  );
  columns.distance(
    'selector bits',
    shapes.map(({ bits }) => bits),
  );
  columns.distance(
    'selector histogram',
    shapes.map(({ unevenness }) => unevenness),
  );
}

/** From all over the polynomial, below 2^53. */
function coefficientsOf(bytes: Buffer): Float64Array {
  const words = Math.floor((bytes.length - ciphertextHeaderBytes - seedBytes) / wordBytes);
  const step = Math.floor(words / COMPARED);
  return Float64Array.from({ length: COMPARED }, (_, i) => {
    const at = ciphertextHeaderBytes + i * step * wordBytes;
    return bytes.readUInt32LE(at) + (bytes.readUInt32LE(at + 4) & 0x1fffff) * 2 ** 32;
  });
}

/** Around the ring; a quarter of the modulus when there is no relation. */
function meanDistance(one: Float64Array, other: Float64Array, modulus: number): number {
  let total = 0;
  for (let i = 0; i < one.length; i++) {
    const apart = Math.abs(one[i]! - other[i]!);
    total += Math.min(apart, modulus - apart);
  }
  return total / one.length / modulus;
}

function meanProduct(one: Float64Array, other: Float64Array, modulus: number): number {
  let total = 0;
  for (let i = 0; i < one.length; i++) total += (one[i]! / modulus - 0.5) * (other[i]! / modulus - 0.5);
  return total / one.length;
}

function shapeOf(bytes: Buffer): { mean: number; bits: number; unevenness: number } {
  const counts = new Float64Array(256);
  for (let i = ciphertextHeaderBytes; i < bytes.length; i++) counts[bytes[i]!]! += 1;
  const all = bytes.length - ciphertextHeaderBytes;
  let [mean, bits, unevenness] = [0, 0, 0];
  counts.forEach((count, byte) => {
    mean += (count * byte) / all;
    bits += (count * byte.toString(2).replaceAll('0', '').length) / all;
    unevenness += (count - all / 256) ** 2 / (all / 256);
  });
  return { mean, bits, unevenness };
}
