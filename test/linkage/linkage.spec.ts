/**
 * What dumps of the databases say about which pseudonyms belong together, measured on a running service (issue 2, protocol.md §8).
 *
 * Attackers: (a) everything but the key holder's database, asked about pairs of pseudonyms; (b) the key holder's database alone,
 * which names no pseudonym: asked whether a spent mark was left by a handle of the same pool of mints, the tie that is claimed.
 * Chance is among accounts that took a ticket in the same period, and clients redeem in an order random over all accounts: what the
 * order of use tells where they do not wait is measured as `live_timing_advantage`, printed, and not a failure.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../apps/ctl/src/scenario/random.js';
import { judgeKeyholder, judgeOutside } from './judge.js';
import type { Measured } from './attacker/measure.js';
import type { Person } from './world/person.js';
import { print, seed } from './world/seed.js';
import { Service, sizes } from './world/service.js';
import { atOnceWorld, dayWorld, enrol, promptWorld, threePeriods } from './world/worlds.js';

const MINUTES = 60_000;
const random = new SeededRandom(seed);

/** No better than chance, and measured well enough to say so. */
function expectChance(measured: Measured): void {
  expect(measured.truePairs).toBeGreaterThanOrEqual(2_500);
  expect(measured.falsePairs).toBeGreaterThanOrEqual(25_000);
  expect(measured.halfWidth).toBeLessThanOrEqual(0.03);
  expect(measured.within999.low).toBeLessThanOrEqual(0);
}

const expectFound = (measured: Measured) => expect(measured.within999.low).toBeGreaterThan(0);

describe('databases in clusters of their own', () => {
  let service: Service;
  let people: Person[];
  let some: Person[];

  beforeAll(async () => {
    print(`linkage: NYMTALLY_TEST_SEED=${seed}, ${sizes.accounts} accounts, ${sizes.cohorts} cohorts at least`);
    service = await Service.start('separate');
    people = await enrol(service, sizes.accounts);
    some = people.slice(0, sizes.plantedAccounts);
  }, 5 * MINUTES);
  afterAll(() => service?.stop(), MINUTES);

  it(
    'say nothing about a world of one day',
    async () => {
      const world = await dayWorld(service, people, random);
      expectChance(judgeOutside('outside_advantage, one day', world));
      expectChance(judgeKeyholder('keyholder_advantage, one day', service, world));
      judgeKeyholder('keyholder_advantage, one day, across pools (claimed: as near as the pool)', service, world, 'all');
    },
    10 * MINUTES,
  );

  it(
    'tell much about clients that do not wait, which is why they wait',
    async () => {
      const world = await atOnceWorld(service, people.slice(0, sizes.promptAccounts), random);
      const measured = judgeOutside('live_timing_advantage', world);
      expect(measured.halfWidth).toBeLessThanOrEqual(0.03);
    },
    10 * MINUTES,
  );

  it(
    'say nothing about a world of three periods',
    async () => {
      const world = await threePeriods(service, people, random);
      expectChance(judgeOutside('outside_advantage, three periods', world));
      expectChance(judgeKeyholder('keyholder_advantage, three periods', service, world));
    },
    10 * MINUTES,
  );

  it(
    'give away marks when rows are not shuffled: the measure finds it',
    async () => {
      await service.plant('no-shuffle');
      const world = await dayWorld(service, some, random);
      expectFound(judgeKeyholder('planted: no shuffle', service, world));
    },
    10 * MINUTES,
  );

  it(
    'give away pseudonyms when an account keeps its cohort: the measure finds it',
    async () => {
      await service.plant('fixed-cohort');
      const world = await dayWorld(service, some, random);
      expectFound(judgeOutside('planted: fixed cohort', world));
    },
    10 * MINUTES,
  );
});

describe('databases in one cluster', () => {
  it(
    'give away pseudonyms by their common transaction numbers: the measure finds it',
    async () => {
      const service = await Service.start('shared');
      try {
        const people = await enrol(service, sizes.plantedAccounts);
        expectFound(judgeOutside('planted: one cluster', await promptWorld(service, people, random)));
      } finally {
        await service.stop();
      }
    },
    10 * MINUTES,
  );
});
