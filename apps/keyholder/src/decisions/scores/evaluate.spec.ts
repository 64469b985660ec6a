import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { aboveBaseline, openBaseline, sealBaseline, type Baseline } from './baseline.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { HandleSums } from './handle-sums.js';

const operators = ['a', 'b', 'c', 'd'];
const trim = { f: 1, clip: 40, threshold: 60 };

function sumsOf(scores: Readonly<Record<string, readonly number[]>>): HandleSums {
  const sums = new HandleSums(operators);
  for (const [handle, row] of Object.entries(scores))
    row.forEach((score, operator) => sums.add(sums.rowOf(handle), operator, score));
  return sums;
}
const decide = (
  scores: Readonly<Record<string, readonly number[]>>,
  baselines: ReadonlyMap<string, Baseline | 'pending'> = new Map(),
  blind: ReadonlySet<string> = new Set(),
): Evaluation => evaluate({ sums: sumsOf(scores), trim, baselines, blind });

describe('evaluation of scores', () => {
  it('suspends who crosses and nobody else', () => {
    expect(decide({ good: [40, 30, 29, 0], bad: [40, 30, 30, 0] }).crossed).toEqual(['bad']);
  });

  it('backs a blind suspension by any signals of more than f operators', () => {
    const blind = new Set(['one', 'two']);
    const { crossed, backed } = decide({ one: [40, 0, 0, 0], two: [1, 1, 0, 0], other: [1, 1, 0, 0] }, new Map(), blind);
    expect([crossed, backed]).toEqual([[], ['two']]);
  });

  it('notes at reinstatement what is there, and does not decide about it in that epoch', () => {
    const { crossed, baselines } = decide({ back: [40, 40, 40, 40] }, new Map([['back', 'pending']]));
    expect(crossed).toEqual([]);
    expect([...(baselines.get('back') ?? [])]).toEqual([
      ['a', 40],
      ['b', 40],
      ['c', 40],
      ['d', 40],
    ]);
  });

  it('notes nothing for a reinstated account without signals, and keeps noting', () => {
    expect([...(decide({}, new Map([['quiet', 'pending']])).baselines.get('quiet') ?? [])].map(([, score]) => score)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('never suspends a reinstated account again by old signals, and does by new abuse', () => {
    let { baselines } = decide({ back: [100, 100, 100, 0] }, new Map([['back', 'pending']]));
    for (const old of [90, 70, 70, 20, 0]) {
      const next = decide({ back: [old, old, old, 0] }, baselines);
      expect(next.crossed).toEqual([]);
      baselines = next.baselines;
    }
    expect(decide({ back: [40, 40, 40, 40] }, baselines).crossed).toEqual(['back']);
  });

  it('counts exactly what is above the lowest score since', () => {
    const scores = fc.array(fc.nat({ max: 200 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(scores, fc.array(scores, { maxLength: 6 }), scores, (noted, later, now) => {
        let { baselines } = decide({ back: noted }, new Map([['back', 'pending']]));
        for (const row of later) baselines = decide({ back: row }, baselines).baselines;
        const lowest = operators.map((_, i) => Math.min(noted[i] as number, ...later.map((row) => row[i] as number)));
        const above = aboveBaseline(baselines.get('back') as Baseline, operators, Uint32Array.from(now));
        expect([...above]).toEqual(now.map((score, i) => Math.max(0, score - (lowest[i] as number))));
      }),
    );
  });

  it('adds up over many handles, and stops instead of wrapping', () => {
    const sums = new HandleSums(operators);
    for (let i = 0; i < 10_000; i++) sums.add(sums.rowOf(`handle ${i}`), i % 4, i);
    expect([...sums.of('handle 9999')]).toEqual([0, 0, 0, 9_999]);
    expect([...sums.of('nobody')]).toEqual([0, 0, 0, 0]);
    expect(sums.size).toBe(10_000);
    for (let i = 0; i < 3; i++) sums.add(0, 0, 2 ** 31);
    expect(sums.of('handle 0')[0]).toBe(2 ** 32 - 1);
  });
});

describe('a sealed baseline', () => {
  const key = randomBytes(32);
  const handle = randomBytes(16);
  const baseline = new Map([
    ['a', 3],
    ['b', 0],
    ['c', 7],
  ]);

  it('opens for its handle under its key only', () => {
    const sealed = sealBaseline(key, handle, baseline);
    expect(openBaseline(key, handle, sealed, ['a', 'b', 'c'])).toEqual(baseline);
    expect(() => openBaseline(key, randomBytes(16), sealed, ['a'])).toThrow();
    expect(() => openBaseline(randomBytes(32), handle, sealed, ['a'])).toThrow();
    expect(() => openBaseline(key, handle, sealed.subarray(0, sealed.length - 1), ['a'])).toThrow();
  });

  it('has one length whatever the scores, and differs each time', () => {
    const sealed = [
      sealBaseline(key, handle, baseline),
      sealBaseline(
        key,
        handle,
        new Map([
          ['a', 0],
          ['b', 0],
          ['c', 0],
        ]),
      ),
    ];
    expect(new Set(sealed.map(({ length }) => length)).size).toBe(1);
    expect(sealBaseline(key, handle, baseline)).not.toEqual(sealed[0]);
  });

  it('follows the operators of the policy', () => {
    const sealed = sealBaseline(key, handle, baseline);
    expect([...openBaseline(key, handle, sealed, ['c', 'new'])]).toEqual([
      ['c', 7],
      ['new', 0],
    ]);
  });
});
