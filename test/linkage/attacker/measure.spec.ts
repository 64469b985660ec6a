/** The measure itself, on pairs whose advantage is known beforehand: it must find what is there and nothing that is not. */
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { drawPairs } from './draw-pairs.js';
import { line, measure } from './measure.js';
import type { Pairs } from './samples.js';

const ACCOUNTS = 2_500;
const OTHERS = 10;

/** Box and Muller. */
const normal = (random: SeededRandom) => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());

/** Five columns that say nothing, besides `more`. */
function withNoise(pairs: Pairs, random: SeededRandom, more: Record<string, (same: boolean) => number>) {
  const columns = new Map<string, Float64Array>();
  for (let i = 0; i < 5; i++)
    columns.set(
      `noise${i}`,
      Float64Array.from(pairs.same, () => random.unit()),
    );
  for (const [name, draw] of Object.entries(more))
    columns.set(
      name,
      Float64Array.from(pairs.same, (same) => draw(same === 1)),
    );
  return columns;
}

describe('the measure of an attack', () => {
  it.each([1, 2])('finds nothing in noise, and is sure of it to 0.03 (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const pairs = drawPairs({ accounts: ACCOUNTS, others: OTHERS, random });
    const measured = measure(pairs, withNoise(pairs, random, {}), seed);
    expect(measured).toMatchObject({ truePairs: ACCOUNTS, falsePairs: ACCOUNTS * OTHERS });
    expect(measured.halfWidth).toBeLessThanOrEqual(0.03);
    expect({ line: line('noise', measured), above: measured.within999.low > 0 }).toMatchObject({ above: false });
    expect(Math.abs(measured.advantage)).toBeLessThan(0.05);
  });

  it.each([
    { shift: 0.2, advantage: 0.0797 },
    { shift: 2, advantage: 0.6827 },
  ])(
    'comes near the best there is, 2Φ(shift / 2) − 1 = $advantage, of two normal columns $shift apart',
    ({ shift, advantage }) => {
      const random = new SeededRandom(7);
      const pairs = drawPairs({ accounts: ACCOUNTS, others: OTHERS, random });
      const measured = measure(pairs, withNoise(pairs, random, { told: (same) => normal(random) + (same ? shift : 0) }), 7);
      expect(measured.within999.low).toBeGreaterThan(0);
      expect(measured.within95.high).toBeGreaterThan(advantage - 0.02);
      expect(measured.within95.low).toBeLessThan(advantage + 0.005);
      expect(measured.useful[0]?.[0]).toBe('told');
    },
  );

  it('finds the few pairs that a narrow band of one column gives away', () => {
    const random = new SeededRandom(11);
    const pairs = drawPairs({ accounts: ACCOUNTS, others: OTHERS, random });
    const told = (same: boolean) => (same && random.chance(0.06) ? 500 : Math.floor(random.unit() * 5_000));
    const measured = measure(pairs, withNoise(pairs, random, { told }), 11);
    expect(measured.within999.low).toBeGreaterThan(0);
    expect(Math.abs(measured.advantage - 0.06)).toBeLessThan(0.03);
  });

  it('finds what only two columns together tell', () => {
    const random = new SeededRandom(13);
    const pairs = drawPairs({ accounts: ACCOUNTS, others: OTHERS, random });
    const first = Float64Array.from(pairs.same, () => random.unit());
    const second = Float64Array.from(pairs.same, (same, row) =>
      same === 1 && first[row]! > 0.5 ? random.unit() / 2 : random.unit(),
    );
    const features = new Map([...withNoise(pairs, random, {}), ['first', first], ['second', second]]);
    const measured = measure(pairs, features, 13); // best: P(first > ½, second < ½) = ½ − ¼
    expect(measured.within999.low).toBeGreaterThan(0.15);
    expect(measured.advantage).toBeLessThan(0.3);
  });

  it('is not taken in by what marks the accounts it learns from', () => {
    const random = new SeededRandom(17);
    const pairs = drawPairs({ accounts: 1_000, others: OTHERS, random });
    const perAccount = Float64Array.from({ length: 1_000 }, () => random.unit()); // to be learnt by heart, and of no use
    const odd = Float64Array.from(pairs.same, (_, row) => perAccount[pairs.left[row]!]!);
    const measured = measure(pairs, new Map([['odd', odd]]), 17);
    expect(measured.within999.low).toBeLessThanOrEqual(0);
  });

  it('says the same again for the same seed', () => {
    const once = () => {
      const random = new SeededRandom(19);
      const pairs = drawPairs({ accounts: 300, others: OTHERS, random });
      return measure(pairs, withNoise(pairs, random, {}), 19);
    };
    expect(once()).toEqual(once());
  });
});

describe('pairs to judge', () => {
  it('stay within one fold, meet once, and leave no account without its true pair', () => {
    const pairs = drawPairs({ accounts: 500, others: OTHERS, random: new SeededRandom(23) });
    const met = new Set<string>();
    pairs.same.forEach((same, row) => {
      const [left, right] = [pairs.left[row]!, pairs.right[row]!];
      expect(left === right).toBe(same === 1);
      expect(pairs.foldOf[left]).toBe(pairs.foldOf[right]);
      met.add([left, right].sort((a, b) => a - b).join());
    });
    expect(met.size).toBe(500 + 500 * OTHERS);
  });

  it('meet only their own group where there are groups, and a group is never torn apart', () => {
    const groupOf = Array.from({ length: 500 }, (_, account) => account % 40);
    const pairs = drawPairs({ accounts: 500, others: OTHERS, random: new SeededRandom(29), groupOf, directed: true });
    const folds = Map.groupBy(groupOf.keys(), (account) => groupOf[account]!);
    for (const group of folds.values()) expect(new Set(group.map((account) => pairs.foldOf[account])).size).toBe(1);
    pairs.left.forEach((left, row) => expect(groupOf[left]).toBe(groupOf[pairs.right[row]!]));
    expect(pairs.same.length).toBe(500 + 500 * OTHERS);
  });

  it('count the false pairs of an account 1 together, however many its group allows, and leave out who is alone', () => {
    const groupOf = Array.from({ length: 500 }, (_, account) => (account < 480 ? account % 40 : 100 + (account >> 2)));
    groupOf[499] = 999;
    const pairs = drawPairs({ accounts: 500, others: OTHERS, random: new SeededRandom(31), groupOf, directed: true });
    const weights = new Float64Array(500);
    pairs.same.forEach((same, row) => (weights[pairs.left[row]!]! += same === 1 ? 0 : pairs.weight[row]!));
    for (let account = 0; account < 499; account++) expect(weights[account]).toBeCloseTo(1);
    expect(weights[499]).toBe(0);
    expect(pairs.same.length).toBe(480 * (1 + OTHERS) + 16 * 4 + 3 * 3);
  });

  it('tell nothing by the size of a group', () => {
    const random = new SeededRandom(37);
    const groupOf = Array.from({ length: 2_000 }, (_, account) => (account < 1_000 ? account % 50 : 50 + (account % 250)));
    const pairs = drawPairs({ accounts: 2_000, others: 14, random, groupOf, directed: true });
    const size = Float64Array.from(pairs.left, (left) => (groupOf[left]! < 50 ? 20 : 4));
    expect(measure(pairs, withNoise(pairs, random, {}).set('size', size), 37).within999.low).toBeLessThanOrEqual(0);
  });
});
