import { describe, expect, it } from '@jest/globals';
import { isSelectorOf } from '#pseudonyms';
import { handleOf, planWorld, saltOf, slotsOfCohort, spkiOf, subjectOfPlan } from './world-plan.js';

const size = { accounts: 1_500, perAccount: 4, firstCohort: 30, domain: 'provider.example', today: 20_000, seed: 7 };
const plan = planWorld(size);
const placeOf = ({ cohort, slot }: { cohort: number; slot: number }) => cohort * slotsOfCohort + slot;

describe('a planned world', () => {
  it('gives a position to one account only, and an account one slot in each cohort', () => {
    const accountOf = new Map<number, number>();
    const slotOf = new Map<string, number>();
    plan.positions.forEach((position, i) => {
      const account = Math.floor(i / size.perAccount);
      expect(accountOf.get(placeOf(position)) ?? account).toBe(account);
      accountOf.set(placeOf(position), account);
      expect(slotOf.get(`${account} ${position.cohort}`) ?? position.slot).toBe(position.slot);
      slotOf.set(`${account} ${position.cohort}`, position.slot);
    });
    expect(plan.positions).toHaveLength(6_000);
  });

  it('numbers its cohorts from the first free one and leaves a sixteenth of each free', () => {
    expect(plan.cohorts).toEqual([30, 31, 32, 33]);
    for (const cohort of plan.cohorts) {
      const taken = new Set(plan.positions.filter((one) => one.cohort === cohort).map(({ slot }) => slot));
      expect(taken.size).toBeGreaterThan(1_000);
      expect(taken.size).toBeLessThanOrEqual(1_920);
    }
  });

  it('binds each selector to its own pseudonym', () => {
    const opening = (i: number) => ({ salt: saltOf(plan, i), uri: plan.uris[i] as string, spki: spkiOf(plan, i) });
    expect(isSelectorOf({ subject: subjectOfPlan(plan, 5_999) }, opening(5_999))).toBe(true);
    expect(isSelectorOf({ subject: subjectOfPlan(plan, 5_999) }, opening(5_998))).toBe(false);
  });

  it('has no name twice', () => {
    expect(new Set(plan.uris).size).toBe(6_000);
    expect(new Set(Array.from({ length: size.accounts }, (_, i) => handleOf(plan, i).toString('hex'))).size).toBe(1_500);
  });
});
