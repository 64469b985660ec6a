import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, delayChances } from '#policy';
import { SeededRandom } from '../../scenario/random.js';
import { bayesFactor, seenAt } from './bayes-factor.js';
import { suspend } from './co-suspension.js';
import { linkAdvantage } from './link-advantage.js';
import { playAttack } from './timing-runs.js';

const policy = defaultPolicy({ domain: 'p.example', audience: 'https://p.example' });
const { revocation } = policy;

describe('a world of suspensions', () => {
  it('comes in force in full batches, or after three days', () => {
    const options = { policy, delays: undefined, tickSeconds: 3_600, epochs: 400 };
    for (const [crossings, least] of [
      [12, 10],
      [1, 1],
    ] as const) {
      const suspended = suspend({ ...options, crossings }, new SeededRandom(crossings));
      const batches = [...Map.groupBy(suspended, ({ forceAt }) => forceAt).values()].map((own) => own.length);
      expect(Math.min(...batches)).toBeGreaterThanOrEqual(least);
      expect(Math.abs(suspended.length / 400 - crossings)).toBeLessThan(1);
    }
  });

  it('ends each pseudonym by a delay of its own, within the limit', () => {
    const suspended = suspend({ policy, delays: revocation, tickSeconds: 3_600, epochs: 60, crossings: 12 }, new SeededRandom(7));
    const delays = suspended.map(({ forceAt, endsAtOne, endsAtOther }) => [endsAtOne - forceAt, endsAtOther - forceAt]);
    expect(delays.flat().every((ticks) => ticks >= 0 && ticks <= revocation.limitTicks)).toBe(true);
    const together = delays.filter(([one, other]) => one === other).length / delays.length;
    const chance = delayChances(revocation).reduce((sum, own) => sum + own * own, 0);
    expect(Math.abs(together - chance)).toBeLessThan(4 * Math.sqrt(chance / delays.length));
  });
});

describe('publications of the status lists', () => {
  it('mix accounts: of two ends in one of them, few are one account’s', () => {
    const share = (delays: typeof revocation | undefined) => {
      const suspended = suspend({ policy, delays, tickSeconds: 3_600, epochs: 60, crossings: 12 }, new SeededRandom(5));
      const ends = suspended.flatMap(({ endsAtOne, endsAtOther }, account) =>
        [endsAtOne, endsAtOther].map((tick) => ({ account, at: seenAt(tick, 6) })),
      );
      let [own, all] = [0, 0];
      for (const together of Map.groupBy(ends, ({ at }) => at).values()) {
        all += (together.length * (together.length - 1)) / 2;
        own += together.length - new Set(together.map(({ account }) => account)).size;
      }
      return { together: own / suspended.length, own: own / all };
    };
    const [delayed, none] = [share(revocation), share(undefined)];
    expect(none.together).toBe(1); // every account ends in one publication
    expect(delayed.together).toBeLessThan(0.12); // chance of two draws in one period of 6 ticks: 0.06
    expect(delayed.own).toBeLessThan(0.05);
  });
});

describe('the co-suspension attacker', () => {
  it('links whatever ends at once: without delays, all but those of the same batch', () => {
    const { advantage, bayesFactor: factor, anonymitySet } = playAttack({ delays: 'none', sees: 'streams' }, 1);
    expect(advantage).toBeGreaterThan(0.95);
    expect(factor.median).toBeGreaterThan(30);
    expect(anonymitySet).toBeLessThan(20); // the batch
  });

  it('links less under the default delays, and is less sure of it', () => {
    const [delayed, none] = [
      playAttack({ delays: 'default', sees: 'streams' }, 1),
      playAttack({ delays: 'none', sees: 'streams' }, 1),
    ];
    expect(delayed.within95.high).toBeLessThan(none.within95.low);
    expect(delayed.bayesFactor.median).toBeLessThan(none.bayesFactor.median / 2);
    expect(delayed.anonymitySet).toBeGreaterThan(2 * none.anonymitySet);
  });

  it('gains nothing by the lists over the streams', () => {
    const [lists, streams] = (['lists', 'streams'] as const).map((sees) => playAttack({ delays: 'default', sees }, 2));
    expect(lists!.advantage).toBeLessThan(streams!.within95.high);
  });

  it('finds nothing where there is nothing: ends of unrelated accounts', () => {
    const random = new SeededRandom(3);
    const suspended = suspend({ policy, delays: revocation, tickSeconds: 3_600, epochs: 60, crossings: 12 }, random);
    const forces = [...Map.groupBy(suspended, ({ forceAt }) => forceAt)].map(([at, own]) => ({
      at,
      share: own.length / suspended.length,
    }));
    const ends = {
      one: suspended.map(({ endsAtOne }) => endsAtOne),
      other: random.shuffled(suspended.map(({ endsAtOther }) => endsAtOther)),
    };
    const { within95 } = linkAdvantage(ends, bayesFactor({ forces, delays: revocation, grain: 1 }), random);
    expect(within95.low).toBeLessThan(0.05);
    expect(within95.high).toBeLessThan(0.15);
  });

  it('weighs by the law: factors average to one over unrelated pairs', () => {
    const forces = [0, 24, 48].map((at, i) => ({ at, share: [0.5, 0.3, 0.2][i]! }));
    const delays = { tickSeconds: 3_600, meanTicks: 4, limitTicks: 8 };
    const factorOf = bayesFactor({ forces, delays, grain: 1 });
    const chances = delayChances(delays);
    let mean = 0;
    const each = (use: (when: number, chance: number) => void) =>
      forces.forEach(({ at, share }) => chances.forEach((chance, ticks) => use(seenAt(at + ticks, 1), share * chance)));
    each((one, p) => each((other, q) => (mean += p * q * factorOf(one, other))));
    expect(mean).toBeCloseTo(1, 9);
  });
});
