import { describe, expect, it } from '@jest/globals';
import { boundFault, noiseFault, oneHotSlot, slotsFault } from './tally-checks.js';

const slots = (values: Record<number, number>) => Uint32Array.from({ length: 8 }, (_, i) => values[i] ?? 0);
const bound = { weightSum: 12n, squareSum: 74, maxSlot: 7 };

describe('checks of an opened sum', () => {
  it('take slots that add up to the attested sum, each within its maximum', () => {
    expect(slotsFault(slots({ 1: 7, 6: 5 }), bound)).toBeUndefined();
    expect(slotsFault(slots({ 1: 7, 6: 5 }), { ...bound, weightSum: 12 })).toBeUndefined();
  });

  it('refuse a sum that is off by one', () => {
    expect(slotsFault(slots({ 1: 7, 6: 4 }), bound)).toBe('weight-sum');
    expect(slotsFault(slots({ 1: 7, 6: 6 }), bound)).toBe('weight-sum');
  });

  it('refuse one slot above its maximum although the sum is right', () => {
    expect(slotsFault(slots({ 1: 8, 6: 4 }), bound)).toBe('slot-maximum');
  });

  it('refuse noise that independent terms of this square sum cannot have', () => {
    expect(noiseFault(20, 25, bound)).toBeUndefined();
    expect(noiseFault(19, 25, bound)).toBe('noise');
  });

  it('refuse a sum without budget whatever its square sum allows', () => {
    expect(noiseFault(0, 25, { ...bound, squareSum: 2 ** 60 })).toBe('noise');
    expect(noiseFault(1, 25, { ...bound, squareSum: 2n ** 60n })).toBeUndefined();
  });

  it('refuse bounds that no leaf has', () => {
    expect(boundFault(bound)).toBeUndefined();
    for (const wrong of [
      { weightSum: 0 },
      { squareSum: 0n },
      { squareSum: NaN },
      { maxSlot: 0 },
      { maxSlot: 1.5 },
      { weightSum: -1n },
    ]) {
      expect(boundFault({ ...bound, ...wrong })).toBe('bound');
    }
  });
});

describe('one-hot slot', () => {
  it('is found wherever it stands', () => {
    for (let slot = 0; slot < 8; slot++) expect(oneHotSlot(slots({ [slot]: 1 }))).toBe(slot);
  });

  it('is refused for zero, two ones, a two and a wrapped sum', () => {
    const others: Record<number, number>[] = [{}, { 1: 1, 2: 1 }, { 3: 2 }, { 0: 1, 5: 1_032_192 }];
    for (const values of others) expect(oneHotSlot(slots(values))).toBeUndefined();
  });
});
