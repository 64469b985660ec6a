import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DecisionsWorld, handleText, reportAll, type Pseudonym, type Report } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';

type Account = { member: Member; pseudonyms: Pseudonym[] };
const reporting = [0, 1, 2, 3, 4, 5];
const crossing = (...accounts: Account[]): Report[] =>
  accounts.flatMap(({ pseudonyms }) => reportAll(pseudonyms.slice(0, 1), reporting, 240));
const names = (...accounts: Account[]) => accounts.map(({ member }) => handleText(member)).sort();

describe('release in batches', () => {
  let world: DecisionsWorld;
  let old: Account[];
  let young: Account;
  beforeAll(async () => {
    world = await DecisionsWorld.open({ release: { batch: 3, maxDelaySeconds: 3 * 86_400, minAgeDays: 30 } });
    old = [];
    for (let i = 0; i < 4; i++) old.push(await world.member(1));
    world.base.clock.advanceDays(30);
    young = await world.member(1);
  });
  afterAll(() => world.close());

  it('waits for three accounts of the minimum age; nothing at all happens before', async () => {
    await world.decide(1, crossing(old[0]!, old[1]!, young));
    expect((await world.releases()).suspend).toEqual([]);
    expect(await world.mayMint(young.member)).toBe(true);
    expect(await world.pass([...old[0]!.pseudonyms, ...young.pseudonyms])).toBe(0);
    expect(await world.due([...old[0]!.pseudonyms, ...young.pseudonyms])).toEqual([]);
  });

  it('names all that wait once the batch is full, the younger one among them', async () => {
    await world.decide(2, crossing(old[2]!));
    expect((await world.releases()).suspend.sort()).toEqual(names(old[0]!, old[1]!, old[2]!, young));
    expect(await world.mayMint(young.member)).toBe(false);
    expect((await world.audit()).at(-1)).toMatchObject({ type: 'release', number: 1, suspended: 4, reinstated: 0 });
  });

  it('starts only the pseudonym side of a batch that does not fill in time', async () => {
    await world.decide(3, crossing(old[3]!));
    world.base.clock.advanceDays(3);
    await world.decide(4, [{ pseudonym: old[3]!.pseudonyms[0]!, hub: 0, total: 1 }]);
    expect((await world.releases(1)).suspend).toEqual([]);
    expect(await world.mayMint(old[3]!.member)).toBe(false);
    expect(await world.base.rows('SELECT force, batch FROM keyholder.standings WHERE batch IS NULL')).toEqual([
      { force: 2, batch: null },
    ]);
  });

  it('names that account with a later batch, and reinstated ones in batches too', async () => {
    const more = [await world.member(1), await world.member(1)];
    world.base.clock.advanceDays(30);
    await world.decide(5, crossing(...more));
    expect((await world.releases(1)).suspend.sort()).toEqual(names(old[3]!, ...more));
    for (const { pseudonyms } of [old[0]!, old[1]!]) await world.act('reinstate', pseudonyms[0]!);
    expect((await world.releases()).reinstate).toEqual([]);
    await world.act('reinstate', old[2]!.pseudonyms[0]!);
    expect((await world.releases()).reinstate.sort()).toEqual(names(old[0]!, old[1]!, old[2]!));
  });
});

describe('a reinstated account', () => {
  let world: DecisionsWorld;
  let account: Account;
  const all = (total: number): Report[] => reportAll(account.pseudonyms.slice(0, 1), reporting, total);
  beforeAll(async () => {
    world = await DecisionsWorld.open({}, { limits: { freePseudonyms: 2, maxPseudonyms: 48 } });
    account = await world.member(2);
    await world.decide(1, all(640));
  });
  afterAll(() => world.close());

  it('is named to the registrar again and may mint beyond the free number', async () => {
    expect(await world.mayMint(account.member)).toBe(false);
    expect(await world.act('reinstate', account.pseudonyms[1]!, { by: 'operator-1', key: world.base.operator })).toMatchObject({
      status: 200,
    });
    expect((await world.releases()).reinstate).toEqual(names(account));
    expect([await world.mayMint(account.member), await world.mayMint(account.member)]).toEqual([true, true]);
    expect(await world.mayMint(account.member)).toBe(false); // two free, two extra
  });

  it('is never suspended again by the signals of before, while they decay', async () => {
    for (const [i, total] of [640, 600, 480, 240, 240].entries()) {
      await world.decide(2 + i, all(total));
      expect(await world.base.rows('SELECT 1 FROM keyholder.standings')).toEqual([]);
    }
  });

  it('has its baseline sealed: the row holds no score, and has one length for all', async () => {
    const [row] = await world.base.rows('SELECT sealed, pending, epoch FROM keyholder.baselines');
    expect(row).toMatchObject({ pending: false, epoch: 2 });
    expect((row?.['sealed'] as Buffer).length).toBe(12 + 12 * 12 + 16);
  });

  it('is suspended by new abuse, and told to the registrar again', async () => {
    await world.decide(7, all(640)); // 400 above the lowest since, at each of six operators
    expect((await world.releases()).suspend).toEqual([...names(account), ...names(account)]);
  });

  it('has no baseline any more one window later', async () => {
    await world.decide(32, [{ pseudonym: account.pseudonyms[0]!, hub: 0, total: 1 }], { since: 7 });
    expect(await world.base.rows('SELECT 1 FROM keyholder.baselines')).toEqual([]);
  });
});
