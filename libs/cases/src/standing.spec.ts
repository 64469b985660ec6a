import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { namedAfter, type NamingAct } from './named.js';
import { SimulatedAccount } from './simulated-account.js';
import { standingAfter, waits, type Standing, type StandingAct } from './standing.js';

const moderator = fc.constantFrom('one', 'another', 'third');
const days = fc.integer({ min: 1, max: 90 });
const worse: fc.Arbitrary<StandingAct> = fc.oneof(
  fc.record({ act: fc.constant('suspend' as const), by: moderator }),
  fc.record({ act: fc.constant('suspend' as const), by: moderator, days }),
  fc.constantFrom<StandingAct>(
    { act: 'cross' },
    { act: 'remove' },
    { act: 'back' },
    { act: 'expedite' },
    { act: 'delete' },
    { act: 'force' },
  ),
);
const anyAct = fc.oneof(worse, fc.constantFrom<StandingAct>({ act: 'reinstate' }, { act: 'day' }));
const steps = (act: fc.Arbitrary<StandingAct>) =>
  fc.array(fc.record({ act, wait: fc.integer({ min: 0, max: 20 }) }), { maxLength: 30 });

function* played(given: readonly { act: StandingAct; wait: number }[]): Generator<[Standing | undefined, StandingAct, number]> {
  let standing: Standing | undefined;
  let today = 20_000;
  for (const { act, wait } of given) {
    today += wait;
    standing = standingAfter(standing, act, today);
    yield [standing, act, today];
  }
}

const strength = (standing: Standing | undefined): number => {
  if (!standing) return 0;
  if (standing.final) return 4;
  return standing.kind === 'full' || standing.backed ? 3 : standing.term ? 1 : 2;
};

/** What an account is held by, as plain claims: the strongest that was not lifted. */
class PlainAccount {
  private claims: { strength: number; until: number | undefined; days: number }[] = [];
  private moderators = new Set<string>();

  take(act: StandingAct, today: number): void {
    const top = () => this.strength;
    if (act.act === 'suspend' && act.days !== undefined) {
      if (top() <= 1) this.claims.push({ strength: 1, until: this.begun ? today + act.days : undefined, days: act.days });
    } else if (act.act === 'suspend') {
      if (top() <= 1) this.moderators.clear();
      this.moderators.add(act.by);
      this.claims.push({ strength: this.moderators.size > 1 && top() >= 2 ? 3 : 2, until: undefined, days: 0 });
    } else if (act.act === 'cross' || act.act === 'remove' || act.act === 'expedite')
      this.claims.push({ strength: 3, until: undefined, days: 0 });
    else if (act.act === 'back' && top() === 2) this.claims.push({ strength: 3, until: undefined, days: 0 });
    else if (act.act === 'delete') this.claims.push({ strength: 4, until: undefined, days: 0 });
    else if (act.act === 'reinstate' && top() < 4) this.end();
    else if (act.act === 'force' && top() === 1) {
      const left = Math.max(...this.claims.map((claim) => claim.until ?? today + claim.days));
      this.claims = [{ strength: 1, until: left, days: 0 }];
    } else if (act.act === 'day' && top() === 1 && this.begun && this.claims.every(({ until }) => until! <= today)) this.end();
  }

  get strength(): number {
    return Math.max(0, ...this.claims.map(({ strength }) => strength));
  }

  private get begun(): boolean {
    return this.claims.some(({ until }) => until !== undefined);
  }

  private end(): void {
    this.claims = [];
    this.moderators.clear();
  }
}

describe('a standing', () => {
  it('is as strong as the plain claims on the account say', () => {
    fc.assert(
      fc.property(steps(anyAct), (given) => {
        const plain = new PlainAccount();
        for (const [standing, act, today] of played(given)) {
          plain.take(act, today);
          expect(strength(standing)).toBe(plain.strength);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('never gets weaker but by reinstatement or by its term', () => {
    fc.assert(
      fc.property(steps(worse), (given) => {
        let before = 0;
        for (const [standing] of played(given)) {
          expect(strength(standing)).toBeGreaterThanOrEqual(before);
          before = strength(standing);
        }
      }),
    );
  });

  it('of a deleted account ends by nothing', () => {
    fc.assert(
      fc.property(steps(anyAct), steps(anyAct), (before, after) => {
        const all = [...played([...before, { act: { act: 'delete' }, wait: 0 }, ...after])];
        for (const [standing] of all.slice(before.length)) expect(standing?.final).toBe(true);
      }),
    );
  });

  it('for a term is always blind, backs nothing and names nobody who could be backed', () => {
    fc.assert(
      fc.property(steps(anyAct), (given) => {
        for (const [standing] of played(given))
          if (standing?.term)
            expect(standing).toMatchObject({ kind: 'blind', backed: false, final: false, atOnce: false, by: undefined });
      }),
    );
  });

  it('for a term ends on the day after the last of the days that were asked for, counted from its force time', () => {
    fc.assert(
      fc.property(fc.array(days, { minLength: 1, maxLength: 5 }), (asked) => {
        const forced = standingAfter(
          asked.reduce<Standing | undefined>(
            (on, term) => standingAfter(on, { act: 'suspend', by: 'one', days: term }, 7),
            undefined,
          ),
          { act: 'force' },
          10,
        );
        const last = 10 + Math.max(...asked);
        expect(standingAfter(forced, { act: 'day' }, last - 1)).toBe(forced);
        expect(standingAfter(forced, { act: 'day' }, last)).toBeUndefined();
      }),
    );
  });

  it('waits for a force time exactly when the force time changes it', () => {
    fc.assert(
      fc.property(steps(anyAct), (given) => {
        for (const [standing, , today] of played(given))
          if (standing) expect(standingAfter(standing, { act: 'force' }, today) !== standing).toBe(waits(standing));
      }),
    );
  });
});

describe('a named pseudonym', () => {
  const naming: fc.Arbitrary<NamingAct> = fc.oneof(
    fc.record({ act: fc.constant('suspend' as const), days }),
    fc.constantFrom<NamingAct>({ act: 'reinstate' }, { act: 'force' }, { act: 'day' }),
  );

  it('that ended for good stays so', () => {
    fc.assert(
      fc.property(fc.array(naming), fc.array(naming), (before, after) => {
        const start = before.reduce((on, act) => namedAfter(on, act, 5), namedAfter(undefined, { act: 'suspend' }, 5));
        expect(after.reduce((on, act) => namedAfter(on, act, 500), start)).toMatchObject({ term: undefined, ended: false });
      }),
    );
  });

  it('comes back once its term is over, and may be named again', () => {
    let named = namedAfter(undefined, { act: 'suspend', days: 3 }, 1);
    named = namedAfter(named, { act: 'force' }, 2);
    expect(namedAfter(named, { act: 'day' }, 4)).toBe(named);
    named = namedAfter(named, { act: 'day' }, 5);
    expect(named).toEqual({ inForce: true, term: { days: 3, untilDay: 5 }, ended: true });
    expect(namedAfter(named, { act: 'suspend' }, 6)).toEqual({ inForce: false, term: undefined, ended: false });
  });
});

describe('a simulated account', () => {
  it('has its named pseudonym back after the term, and minted nothing meanwhile', async () => {
    const account = new SimulatedAccount(100);
    await account.act({ act: 'suspend', by: 'one', days: 7 });
    expect([account.waits, account.mayMint, account.namedPseudonym]).toEqual([true, true, 'active']);
    account.force();
    expect([account.waits, account.mayMint, account.namedPseudonym, account.sibling]).toEqual([
      false,
      false,
      'disabled',
      'active',
    ]);
    account.pass(6);
    expect([account.mayMint, account.namedPseudonym]).toEqual([false, 'disabled']);
    account.pass(1);
    expect([account.mayMint, account.namedPseudonym]).toEqual([true, 'active']);
  });

  it('that crosses during a term is suspended for good, and what came back by then does not', async () => {
    const account = new SimulatedAccount(100);
    await account.act({ act: 'suspend', by: 'one', days: 7 });
    account.force();
    account.cross();
    account.force();
    account.pass(30);
    expect([account.mayMint, account.namedPseudonym, account.sibling]).toEqual([false, 'ended', 'ended']);
  });
});
