import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findings } from '#contracts';
import { noReviews, reviewsByHub, shareUpheld, suggestTrust, trustRules, type Saying } from './trust.js';

const { leastReviews, step } = trustRules;
const count = fc.nat(400);
const present = fc.integer({ min: 0, max: 100 });
const enough = fc.tuple(count, count).filter(([upheld, overturned]) => upheld + overturned >= leastReviews);
const say = (hub: string, subject: string, by: string, finding: Saying['finding']): Saying => ({ hub, subject, by, finding });
const sayings = fc.array(
  fc.record({
    hub: fc.constantFrom('a', 'b', 'c'),
    subject: fc.constantFrom('1', '2', '3', '4'),
    by: fc.constantFrom('mod-1', 'mod-2'),
    finding: fc.constantFrom(...findings),
  }),
  { maxLength: 40 },
);

describe('what moderators found of a hub', () => {
  it('counts a subject once, and one on which they do not agree for neither side', () => {
    const said = [
      say('a', 'jti 1', 'mod-1', 'upheld'),
      say('a', 'jti 1', 'mod-2', 'upheld'),
      say('a', 'jti 2', 'mod-1', 'overturned'),
      say('a', 'uri 2', 'mod-1', 'overturned'),
      say('a', 'jti 3', 'mod-1', 'upheld'),
      say('a', 'jti 3', 'mod-2', 'overturned'),
    ];
    expect(reviewsByHub(said).get('a')).toEqual({ upheld: 1, overturned: 2, disputed: 1 });
    expect(reviewsByHub([])).toEqual(new Map());
  });

  it('does not depend on the order, nor on what was said of other hubs', () => {
    fc.assert(
      fc.property(sayings, fc.func(fc.nat()), (said, key) => {
        const shuffled = said.map((one, i) => ({ one, at: key(i) })).sort((a, b) => a.at - b.at);
        const all = reviewsByHub(said);
        expect([...reviewsByHub(shuffled.map(({ one }) => one))].sort()).toEqual([...all].sort());
        for (const hub of ['a', 'b', 'c'])
          expect(reviewsByHub(said.filter((one) => one.hub === hub)).get(hub)).toEqual(all.get(hub));
      }),
    );
  });
});

describe('a suggestion of trust', () => {
  it('is the present one until there are enough reviews', () => {
    expect(suggestTrust(100, noReviews)).toEqual({ trust: 100, why: 'too-few-reviews' });
    expect(suggestTrust(80, { upheld: 0, overturned: leastReviews - 1 })).toEqual({ trust: 80, why: 'too-few-reviews' });
  });

  it('stays where the reviews bear the present one, falls by a step where they do not, and rises only when asked', () => {
    expect(suggestTrust(100, { upheld: 20, overturned: 0 })).toEqual({ trust: 100, why: 'as-reviewed' });
    expect(suggestTrust(100, { upheld: 10, overturned: 10 })).toEqual({ trust: 90, why: 'below-trust' });
    expect(suggestTrust(72, { upheld: 10, overturned: 10 })).toEqual({ trust: 71, why: 'below-trust' });
    expect(suggestTrust(71, { upheld: 10, overturned: 10 })).toEqual({ trust: 71, why: 'as-reviewed' });
    expect(suggestTrust(5, { upheld: 0, overturned: 400 })).toEqual({ trust: 1, why: 'below-trust' });
    expect(suggestTrust(40, { upheld: 200, overturned: 0 })).toEqual({ trust: 40, why: 'above-trust-not-asked' });
    expect(suggestTrust(40, { upheld: 200, overturned: 0 }, true)).toEqual({ trust: 50, why: 'above-trust' });
    expect(suggestTrust(95, { upheld: 200, overturned: 0 }, true)).toEqual({ trust: 98, why: 'above-trust' });
  });

  it('is a whole number from 0 to 100, within a step of the present one, and above it only when asked', () => {
    fc.assert(
      fc.property(present, count, count, fc.boolean(), (now, upheld, overturned, mayRise) => {
        const { trust } = suggestTrust(now, { upheld, overturned }, mayRise);
        expect(Number.isInteger(trust) && trust >= 0 && trust <= 100).toBe(true);
        expect(Math.abs(trust - now)).toBeLessThanOrEqual(step);
        if (!mayRise) expect(trust).toBeLessThanOrEqual(now);
      }),
    );
  });

  it('never falls by one more that is upheld, nor rises by one more that is overturned', () => {
    fc.assert(
      fc.property(present, enough, fc.boolean(), (now, [upheld, overturned], mayRise) => {
        const { trust } = suggestTrust(now, { upheld, overturned }, mayRise);
        expect(suggestTrust(now, { upheld: upheld + 1, overturned }, mayRise).trust).toBeGreaterThanOrEqual(trust);
        expect(suggestTrust(now, { upheld, overturned: overturned + 1 }, mayRise).trust).toBeLessThanOrEqual(trust);
      }),
    );
  });

  it('goes by an interval that holds the share itself', () => {
    fc.assert(
      fc.property(enough, ([upheld, overturned]) => {
        const { low, high } = shareUpheld(upheld, overturned);
        const share = (100 * upheld) / (upheld + overturned);
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThanOrEqual(share);
      }),
    );
    expect(shareUpheld(0, 0)).toEqual({ low: 0, high: 100 });
  });
});
