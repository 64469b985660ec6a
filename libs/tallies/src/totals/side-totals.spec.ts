import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultPolicy } from '#policy';
import { Numbering, SideTotals } from './side-totals.js';

const operators = 4;
const policyWith = (f: number) => ({
  ...defaultPolicy({
    domain: 'p.example',
    audience: 'https://p.example',
    hubs: Array.from({ length: operators }, (_, i) => ({
      id: `https://hub-${i}.example`,
      operator: `op-${i}`,
      trust: 100,
      since: '2025-01-01',
      status: 'active' as const,
      keys: [{ kid: 'k', alg: 'EdDSA' as const, kty: 'OKP' }],
      revokedKids: [],
    })),
  }),
  negative: { f, clip: 40, threshold: 60 },
});

/** @param reports (operator, pseudonym) with a new signal each. */
function newPseudonyms(f: number, reports: readonly (readonly [number, number])[], isFolded = (_: string) => true): number {
  const [hubs, pseudonyms] = [new Numbering(), new Numbering()];
  const totals = new SideTotals('negative', 4, policyWith(f), pseudonyms, hubs);
  for (const [operator, pseudonym] of reports)
    totals.add(hubs.of(`https://hub-${operator}.example`), pseudonyms.of(String(pseudonym)), 1, 5);
  return totals.newPseudonyms(isFolded);
}

it('counts the signals after `since` that were folded, before caps', () => {
  const [hubs, pseudonyms] = [new Numbering(), new Numbering()];
  const totals = new SideTotals('negative', 4, policyWith(1), pseudonyms, hubs);
  const add = (operator: number, uri: string, arrival: number, units = 10_000) =>
    totals.add(hubs.of(`https://hub-${operator}.example`), pseudonyms.of(uri), units, arrival);
  pseudonyms.of('of the other side');
  for (const arrival of [4, 5, 6, 6]) add(0, 'a', arrival);
  add(1, 'b', 5);
  expect([totals.newSignals(() => true), totals.newSignals((uri) => uri === 'b'), totals.newSignals(() => false)]).toEqual([
    4, 1, 0,
  ]);
});

describe('new pseudonyms', () => {
  it('are those of all operators but the f that have most', () => {
    const reports = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 3],
      [1, 4],
      [2, 5],
    ] as const;
    expect([0, 1, 2, 3].map((f) => newPseudonyms(f, reports))).toEqual([5, 3, 1, 0]);
  });

  it('count only what was folded, and only signals after `since`', () => {
    const reports = [
      [0, 1],
      [1, 1],
      [2, 2],
    ] as const;
    expect(newPseudonyms(1, reports)).toBe(2);
    expect(newPseudonyms(1, reports, (uri) => uri !== '2')).toBe(1);
    const [hubs, pseudonyms] = [new Numbering(), new Numbering()];
    const totals = new SideTotals('negative', 5, policyWith(0), pseudonyms, hubs);
    totals.add(hubs.of('https://hub-0.example'), pseudonyms.of('1'), 1, 5);
    expect([totals.newPseudonyms(() => true), totals.pairs]).toEqual([0, 1]);
  });

  it('of f operators never reach more than honest ones would have without them', () => {
    const report = fc.tuple(fc.nat(operators - 1), fc.nat(9));
    fc.assert(
      fc.property(fc.array(report, { maxLength: 40 }), fc.integer({ min: 1, max: 2 }), (reports, f) => {
        const coalition = reports.filter(([operator]) => operator < f);
        const honest = reports.filter(([operator]) => operator >= f);
        const honestSets = new Set(honest.map(([operator, pseudonym]) => `${operator} ${pseudonym}`)).size;
        // whatever the coalition reports, it adds no more than the honest operators that stand in for it have
        expect(newPseudonyms(f, [...coalition, ...honest])).toBeLessThanOrEqual(honestSets);
        expect(newPseudonyms(f, coalition)).toBe(0);
      }),
    );
  });
});
