/**
 * The trimmed-sum quorum played through a real key holder: what hostile hubs report about honest accounts, and what the same tallies
 * would do without the trim (protocol.md §6).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cappedTotal } from '#policy';
import { DecisionsWorld, handleText, type Pseudonym, type Report } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';

/** Twelve hubs, of which the last two may be hostile. Units × decay.scale: C = 640, T0 = 960, one verified report 160. */
const constants = { f: 2, clip: 40, threshold: 60 };
const everything = Number.MAX_SAFE_INTEGER;
const report = 160;

type Account = { member: Member; pseudonyms: Pseudonym[] };
interface Said {
  readonly pseudonym: Pseudonym;
  readonly hub: number;
  readonly sum: number;
}

/** What reaches the tally: capped per hub and pseudonym, as correlator and witness both do. */
const reports = (world: DecisionsWorld, said: readonly Said[]): Report[] =>
  said.map(({ pseudonym, hub, sum }) => ({ pseudonym, hub, total: cappedTotal(world.document, sum) }));

describe.each([
  ['with the trim', constants, false],
  ['without it', { ...constants, f: 0 }, true],
])('hostile hubs, %s', (_, negative, suspends) => {
  let world: DecisionsWorld;
  let epoch = 0;
  const suspended = async (said: readonly Said[]): Promise<string[]> => {
    const before = new Set((await world.releases()).suspend);
    epoch += 1;
    expect(await world.decide(epoch, reports(world, said))).toMatchObject({ status: 200 });
    return (await world.releases()).suspend.filter((handle) => !before.has(handle));
  };
  beforeAll(async () => (world = await DecisionsWorld.open({ negative, acknowledgeNoTrim: true })));
  afterAll(() => world.close());

  it(`${suspends ? 'suspend' : 'cannot suspend'} an honest heavy user by pushing everything they have`, async () => {
    const victim: Account = await world.member(14);
    // falsely reported once by each of five honest hubs; two hostile hubs push all fourteen pseudonyms to the cap
    const said = [0, 1, 2, 3, 4].map((hub) => ({ pseudonym: victim.pseudonyms[hub]!, hub, sum: report }));
    for (const pseudonym of victim.pseudonyms) for (const hub of [10, 11]) said.push({ pseudonym, hub, sum: everything });
    expect(await suspended(said)).toEqual(suspends ? [handleText(victim.member)] : []);
  });

  it(`${suspends ? 'learn' : 'cannot learn'} by half a threshold each whether two pseudonyms are one account`, async () => {
    const same: Account = await world.member(2);
    const [one, two]: Account[] = [await world.member(1), await world.member(1)];
    const half = (pseudonym: Pseudonym, hub: number): Said => ({ pseudonym, hub, sum: 480 });
    const together = await suspended([half(same.pseudonyms[0]!, 10), half(same.pseudonyms[1]!, 11)]);
    const apart = await suspended([half(one!.pseudonyms[0]!, 10), half(two!.pseudonyms[0]!, 11)]);
    expect([together, apart]).toEqual([suspends ? [handleText(same.member)] : [], []]);
  });
});

describe('any two hubs, whatever they say', () => {
  let world: DecisionsWorld;
  let accounts: Account[];
  let epoch = 0;
  beforeAll(async () => {
    world = await DecisionsWorld.open({ negative: constants });
    accounts = [];
    for (let i = 0; i < 5; i++) accounts.push(await world.member(3));
  });
  afterAll(() => world.close());

  it('cannot make an account cross whose score from the others is below the threshold', async () => {
    const lies = fc.array(
      fc.record({ pseudonym: fc.nat(14), hub: fc.integer({ min: 10, max: 11 }), sum: fc.integer({ min: 1, max: 1e9 }) }),
      {
        maxLength: 60,
      },
    );
    // five reports at most from ten honest hubs: 800 of 960
    const truths = fc.array(fc.tuple(fc.nat(2), fc.nat(9)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lies, fc.array(truths, { minLength: 5, maxLength: 5 }), async (hostile, honest) => {
        const pseudonyms = accounts.flatMap((account) => account.pseudonyms);
        const said = [
          ...hostile.map(({ pseudonym, hub, sum }) => ({ pseudonym: pseudonyms[pseudonym]!, hub, sum })),
          ...honest.flatMap((ones, i) =>
            ones.map(([pseudonym, hub]) => ({ pseudonym: accounts[i]!.pseudonyms[pseudonym]!, hub, sum: report })),
          ),
        ];
        epoch += 1;
        expect(await world.decide(epoch, reports(world, merged(said)))).toMatchObject({ status: 200 });
        expect((await world.releases()).suspend).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

/** One total per (pseudonym, hub), as a tally has. */
function merged(said: readonly Said[]): Said[] {
  const sums = new Map<string, Said>();
  for (const one of said) {
    const key = `${Buffer.from(one.pseudonym.selector.selectorId).toString('hex')}/${one.hub}`;
    sums.set(key, { ...one, sum: one.sum + (sums.get(key)?.sum ?? 0) });
  }
  return [...sums.values()];
}
