import { describe, expect, it } from '@jest/globals';
import { numberBelow, Prf, prfLabels } from './prf.js';

const prf = new Prf(new Uint8Array(32).fill(3));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('the pseudorandom function', () => {
  it('gives the same for the same, and something else for another key, label, field or division of fields', () => {
    const of = (...fields: string[]) => hex(prf.bytes(prfLabels.spent, ...fields));
    expect(of('ab', 'c')).toBe(of('ab', 'c'));
    const others = [
      of('a', 'bc'),
      of('abc'),
      hex(prf.bytes(prfLabels.cohort, 'ab', 'c')),
      hex(new Prf(new Uint8Array(32)).bytes(prfLabels.spent, 'ab', 'c')),
    ];
    expect(new Set([of('ab', 'c'), ...others]).size).toBe(5);
    expect(prf.bytes(prfLabels.spent, 'x')).toHaveLength(32);
  });

  it('has a label of its own for every use', () => {
    const labels = Object.values(prfLabels);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('keeps its own copy of the key', () => {
    const key = new Uint8Array(32).fill(3);
    const own = new Prf(key);
    key.fill(0);
    expect(hex(own.bytes(prfLabels.due, 1))).toBe(hex(prf.bytes(prfLabels.due, 1)));
  });

  it('makes numbers below a bound, each as often as the others', () => {
    const counts = Array<number>(7).fill(0);
    for (let i = 0; i < 7_000; i++) counts[numberBelow(7, prf.bytes(prfLabels.weeks, i))]! += 1;
    // fixed key, so this holds or does not: 4 standard deviations of a binomial with n = 7,000, p = 1/7
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(4 * 29.3);
    expect(numberBelow(5, new Uint8Array(32).fill(255))).toBeLessThan(5);
  });
});
