import { describe, expect, it } from '@jest/globals';
import { byteChecks, refuseFaulty } from './byte-checks.js';
import { parameterSet, type BfvSet } from './parameter-sets.js';
import { ciphertextHeaderBytes, selectorTemplate, sumTemplate, type BytesTemplate } from './seal-bytes.js';

const set = parameterSet('n2048-q50-t20') as BfvSet;
const checks = byteChecks(set);
const c1At = ciphertextHeaderBytes + 8 * set.slots;

/** Bytes that fit a template, with coefficients 1, 2, 3, … */
function fitting(template: BytesTemplate): Uint8Array {
  const bytes = new Uint8Array(template.length);
  for (const { offset, bytes: fixed } of template.fixed) bytes.set(fixed, offset);
  for (let i = 0; i < template.polynomials * set.slots; i++) setCoefficient(bytes, i, BigInt(i + 1));
  return bytes;
}

function setCoefficient(bytes: Uint8Array, index: number, value: bigint): void {
  new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(ciphertextHeaderBytes + 8 * index, value, true);
}

const selector = () => fitting(selectorTemplate(set));
const sum = () => fitting(sumTemplate(set));

describe('byte checks', () => {
  it('take bytes that fit, also inside a larger buffer at an odd offset', () => {
    const frame = new Uint8Array(set.ciphertextBytes + 3);
    frame.set(sum(), 3);
    expect(checks.sumFault(frame.subarray(3))).toBeUndefined();
    expect(checks.selectorFault(selector())).toBeUndefined();
  });

  it('refuse every other length', () => {
    for (const bytes of [new Uint8Array(0), selector().subarray(1), Buffer.concat([selector(), Buffer.of(0)]), sum()]) {
      expect(checks.selectorFault(bytes)).toBe('length');
    }
    expect(checks.sumFault(selector())).toBe('length');
    expect(checks.sumFault(Buffer.concat([sum(), Buffer.of(0)]))).toBe('length');
  });

  it('refuse a compression mode before anything could inflate it', () => {
    for (const mode of [1, 2, 255]) {
      const bytes = selector();
      bytes[5] = mode;
      expect(checks.selectorFault(bytes)).toBe('compressed');
    }
  });

  it('refuse a flip of any other header bit', () => {
    for (const [make, fault, template] of [
      [selector, checks.selectorFault, selectorTemplate(set)],
      [sum, checks.sumFault, sumTemplate(set)],
    ] as const) {
      const bytes = make();
      for (const { offset, bytes: fixed } of template.fixed) {
        for (let bit = 0; bit < fixed.length * 8; bit++) {
          const at = offset + (bit >> 3);
          bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
          expect(fault(bytes)).toBe(at === 5 ? 'compressed' : 'header');
          bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
        }
      }
      expect(fault(bytes)).toBeUndefined();
    }
  });

  it('refuse a coefficient from q on, wherever it stands', () => {
    const q = set.coeffModulus;
    for (const value of [q, q + 1n, q + (1n << 32n), 1n << 63n]) {
      for (const index of [0, 1, set.slots - 1, set.slots, 2 * set.slots - 1]) {
        const bytes = sum();
        setCoefficient(bytes, index, value);
        expect(checks.sumFault(bytes)).toBe('coefficient');
      }
    }
    const bytes = selector();
    setCoefficient(bytes, set.slots - 1, q);
    expect(checks.selectorFault(bytes)).toBe('coefficient');
  });

  it('take q − 1 and a value whose low half exceeds that of q', () => {
    const bytes = sum();
    setCoefficient(bytes, 0, set.coeffModulus - 1n);
    setCoefficient(bytes, 1, 0xffff_ffffn);
    expect(checks.sumFault(bytes)).toBeUndefined();
  });

  it('refuse a transparent sum', () => {
    const bytes = sum();
    bytes.fill(0, c1At);
    expect(checks.sumFault(bytes)).toBe('transparent');
    bytes[bytes.length - 8] = 1;
    expect(checks.sumFault(bytes)).toBeUndefined();
  });

  it('refuse bytes of another set', () => {
    for (const name of ['n4096-q60-t20', 'n8192-q60-t20', 'plain-n2048']) {
      expect(byteChecks(parameterSet(name)).selectorFault(selector())).toBe('length');
      expect(byteChecks(parameterSet(name)).sumFault(sum())).toBe('length');
    }
  });

  it('say the code in a typed error', () => {
    expect(() => refuseFaulty(checks.sumFault, selector())).toThrow(
      expect.objectContaining({ name: 'CiphertextRefused', code: 'length' }),
    );
  });
});
