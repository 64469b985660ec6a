import { describe, expect, it } from '@jest/globals';
import { capacitySelfTest, leastBudgetBits } from './capacity.js';
import { parameterSet } from './parameter-sets.js';

const bounds = { maxPseudonyms: 20, capPerHubAndPseudonym: 40, decayScale: 16 };
const small = parameterSet('n2048-q50-t20');

describe('capacity', () => {
  it('holds a policy of the advised size with room in slots and noise', () => {
    expect(capacitySelfTest(small, bounds)).toEqual({
      slotMaximum: 12_800,
      plainShare: (2 * 12_800) / (1_032_193 / 2),
      squareSum: 2048 * 20 * 640 ** 2,
      noiseBitsLeft: 7,
      fits: true,
    });
  });

  it('refuses bounds by which a slot could wrap, at 2 × maxPseudonyms × cap × scale ≥ t/2', () => {
    const perPseudonym = { ...bounds, capPerHubAndPseudonym: 1, decayScale: 1 };
    expect(capacitySelfTest(parameterSet('plain-n2048'), { ...perPseudonym, maxPseudonyms: 258_048 }).fits).toBe(true);
    expect(capacitySelfTest(parameterSet('plain-n2048'), { ...perPseudonym, maxPseudonyms: 258_049 }).fits).toBe(false);
  });

  it('refuses bounds that drown the sum in noise although no slot wraps', () => {
    const heavy = { maxPseudonyms: 1, capPerHubAndPseudonym: 16_000, decayScale: 16 };
    expect(capacitySelfTest(small, heavy)).toMatchObject({ noiseBitsLeft: 0, fits: false });
    expect(capacitySelfTest(parameterSet('n4096-q60-t20'), heavy)).toMatchObject({ fits: true });
  });

  it('refuses bounds that count nothing', () => {
    expect(capacitySelfTest(small, { ...bounds, decayScale: 0 }).fits).toBe(false);
  });

  it('expects a sum to lose half a bit of budget per bit of its square sum', () => {
    expect(leastBudgetBits(25, 1)).toBe(24);
    expect(leastBudgetBits(25, 4 ** 10)).toBe(14);
    expect(leastBudgetBits(25, 4 ** 10 + 1)).toBe(13);
  });
});
