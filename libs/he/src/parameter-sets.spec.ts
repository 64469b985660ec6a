import { describe, expect, it } from '@jest/globals';
import { isParameterSetName, largestWeight, parameterSet, parameterSets } from './parameter-sets.js';

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};

describe('parameter sets', () => {
  it('carry the name they are stored under', () => {
    for (const [name, set] of Object.entries(parameterSets)) expect(set.name).toBe(name);
  });

  it('pin the sizes of protocol.md §1', () => {
    expect(parameterSets['n2048-q50-t20']).toMatchObject({ slots: 2048, selectorBytes: 16_578, freshBudgetBits: 25 });
    expect(parameterSets['n4096-q60-t20']).toMatchObject({ slots: 4096, selectorBytes: 32_962, freshBudgetBits: 35 });
    expect(parameterSets['n8192-q60-t20']).toMatchObject({ slots: 8192, selectorBytes: 65_730, freshBudgetBits: 35 });
  });

  it('allow batching: t is a prime with t ≡ 1 mod 2N', () => {
    for (const set of Object.values(parameterSets)) {
      expect(isPrime(set.plainModulus)).toBe(true);
      expect(set.plainModulus % (2 * set.slots)).toBe(1);
    }
  });

  it('stay within 50 bits quantum at N = 2048 and 106 bits classical at N = 4096 (ePrint 2024/463)', () => {
    const most: Record<number, number> = { 2048: 50, 4096: 106, 8192: 214 };
    for (const set of Object.values(parameterSets)) {
      if (set.kind !== 'bfv') continue;
      expect(set.coeffModulus.toString(2)).toHaveLength(set.coeffModulusBits);
      expect(set.coeffModulusBits).toBeLessThanOrEqual(most[set.slots] as number);
      expect(set.coeffModulus % BigInt(2 * set.slots)).toBe(1n);
    }
  });

  it('take weights below half of t only, which SEAL would read as negative', () => {
    expect(largestWeight(parameterSet('n2048-q50-t20'))).toBe(516_096);
  });

  it('refuse an unknown name, inherited properties included', () => {
    expect(() => parameterSet('n1024-q27-t10')).toThrow(RangeError);
    expect(isParameterSetName('toString')).toBe(false);
  });
});
