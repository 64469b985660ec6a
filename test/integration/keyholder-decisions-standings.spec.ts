import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, fromBase64Url } from '#contracts';
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

describe('a blind suspension', () => {
  let world: DecisionsWorld;
  beforeAll(async () => (world = await DecisionsWorld.open()));
  afterAll(() => world.close());

  it('revokes the named pseudonym, stops mint, and leaves the siblings to their expiry', async () => {
    const { member, pseudonyms } = await world.member(4);
    const [named, ...siblings] = pseudonyms as [Pseudonym, ...Pseudonym[]];
    expect(await world.act('suspend', named)).toMatchObject({ status: 200 });
    expect(await world.mayMint(member)).toBe(false);
    await world.pass(pseudonyms);
    expect(await world.due(pseudonyms)).toEqual([named]);
    world.base.clock.advanceMs(20_000);
    expect(await world.due(siblings)).toEqual([]);
    expect((await world.releases()).suspend).toContain(handleText(member));
  });

  it('lets siblings renew until their present expiry, and the named pseudonym not at all', async () => {
    const { pseudonyms } = await world.member(2);
    const [named, sibling] = pseudonyms as [Pseudonym, Pseudonym];
    await world.act('suspend', named);
    await expect(world.renew(named)).rejects.toThrow('403');
    const renewed = await world.renew(sibling);
    expect(renewed.selector.expiryDay).toBe(sibling.selector.expiryDay + 30);
    await passed(world, [renewed]);
    // its end is the expiry it had when the suspension came in force, a period before the one it shows now
    world.base.clock.advanceDays(sibling.selector.expiryDay - world.base.clock.today() - 1);
    expect(await world.due([renewed])).toEqual([]);
    world.base.clock.advanceDays(1);
    expect(await world.due([renewed])).toEqual([renewed]);
    await world.base.restart();
    world.base.clock.advanceDays(-(world.base.clock.today() - 20_759));
  });

  it('holds on when the named pseudonym is renewed before it is in force', async () => {
    const waiting = await DecisionsWorld.open({ release: { batch: 2, maxDelaySeconds: 3 * 86_400, minAgeDays: 0 } });
    try {
      const { pseudonyms } = await waiting.member(2);
      const [named, sibling] = pseudonyms as [Pseudonym, Pseudonym];
      await waiting.act('suspend', named);
      const renewed = await waiting.renew(named);
      expect(await waiting.due(await passed(waiting, [named, renewed, sibling]))).toEqual([]);
      const other = await waiting.member(1);
      await waiting.act('suspend', other.pseudonyms[0]!);
      expect(await waiting.due(await passed(waiting, [named, renewed, sibling]))).toEqual([named, renewed]);
    } finally {
      await waiting.close();
    }
  });

  it('gets the same kind of receipt whatever the standing was, and the same receipt for the same statement', async () => {
    const [free, suspended] = [await world.member(2), await world.member(2)];
    await world.decide(1, crossing(suspended));
    const answers = [await world.act('suspend', free.pseudonyms[0]!), await world.act('suspend', suspended.pseudonyms[0]!)];
    for (const { status, text } of answers) {
      expect([status, fromBase64Url(JSON.parse(text).receipt).length, Object.keys(JSON.parse(text))]).toEqual([
        200,
        64,
        ['receipt'],
      ]);
    }
    const id = 'A'.repeat(22);
    const first = await world.act('suspend', free.pseudonyms[0]!, { id });
    const before = await world.base.rows('SELECT * FROM keyholder.standings');
    expect(await world.act('suspend', free.pseudonyms[0]!, { id })).toEqual(first);
    expect(await world.act('suspend', free.pseudonyms[1]!, { id })).toMatchObject({ status: 403 });
    expect(await world.base.rows('SELECT * FROM keyholder.standings')).toEqual(before);
  });

  it('becomes a full one by a second moderator, not by the first once more', async () => {
    const { pseudonyms } = await world.member(4);
    await world.act('suspend', pseudonyms[0]!);
    await world.act('suspend', pseudonyms[1]!);
    world.base.clock.advanceMs(60_000);
    const siblings = pseudonyms.slice(2);
    expect(await world.due(await passed(world, siblings))).toEqual([]);
    await world.act('suspend', pseudonyms[0]!, { by: 'mod-1', key: world.moderators[1]! });
    await forceNow(world);
    world.base.clock.advanceMs(20_000);
    expect((await world.due(await passed(world, siblings))).length).toBe(2);
  });

  it('becomes a full one by signals of more than f operators', async () => {
    const { pseudonyms } = await world.member(3);
    await world.act('suspend', pseudonyms[0]!);
    const siblings = pseudonyms.slice(1);
    await world.decide(2, reportAll(pseudonyms.slice(1, 2), [0, 1], 600), { since: 1 });
    await forceNow(world);
    world.base.clock.advanceMs(20_000);
    expect(await world.due(await passed(world, siblings))).toEqual([]);
    await world.decide(3, reportAll(pseudonyms.slice(1, 2), [0, 1, 2], 1));
    await forceNow(world);
    world.base.clock.advanceMs(20_000);
    expect((await world.due(await passed(world, siblings))).length).toBe(2);
  });

  it('is refused without a moderator, for another pseudonym, and with a selector of nobody', async () => {
    const [one, two] = (await world.member(2)).pseudonyms as [Pseudonym, Pseudonym];
    const swapped = { selector: one.selector, redemption: two.redemption };
    const forged = { ...one, selector: { ...one.selector, cohort: one.selector.cohort === 0 ? 1 : 0 } };
    const answers = [
      await world.act('suspend', one, { by: 'mod-1' }),
      await world.act('suspend', one, { by: 'nobody' }),
      await world.act('suspend', one, { by: 'op-1', key: world.base.operator }),
      await world.act('suspend', swapped),
      await world.act('suspend', forged),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(new Set(answers.map(({ text }) => text.length)).size).toBe(1);
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
    expect(await world.act('reinstate', account.pseudonyms[1]!, { by: 'op-1', key: world.base.operator })).toMatchObject({
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

describe('match and due times', () => {
  let world: DecisionsWorld;
  let abuser: Account;
  let other: Account;
  beforeAll(async () => {
    world = await DecisionsWorld.open();
    [abuser, other] = [await world.member(9), await world.member(3)];
    await world.decide(1, crossing(abuser));
  });
  afterAll(() => world.close());

  it('bring every pseudonym of the account, none of another, each at a time of its own', async () => {
    const all = [...abuser.pseudonyms, ...other.pseudonyms];
    expect(await world.pass(all)).toBe(1);
    const came: number[] = [];
    for (let second = 0; second <= 10; second++) {
      came.push((await world.due(all)).length);
      world.base.clock.advanceMs(1_000);
    }
    expect(came.reduce((sum, n) => sum + n, 0)).toBe(9);
    expect(came.filter((n) => n > 0).length).toBeGreaterThan(1); // all in one tick once in about 10^5 runs
  });

  it('are the same after a restart, when the pass is run again', async () => {
    await world.base.restart();
    expect(await world.due(abuser.pseudonyms)).toEqual([]);
    await world.pass([...other.pseudonyms, ...abuser.pseudonyms]);
    expect((await world.due([...abuser.pseudonyms, ...other.pseudonyms])).length).toBe(9);
  });

  it('are refused for selectors that this key holder did not sign, for another run, and for a future force number', async () => {
    const { force, run } = JSON.parse((await world.base.get('/v1/force')).text) as { force: number; run: string };
    const frames = Buffer.from(world.framesOf(abuser.pseudonyms.slice(0, 2)));
    const send = (query: string, body = frames) => world.send(`/v1/matches?${query}`, body, 'n'.repeat(32));
    const tampered = Buffer.from(frames);
    tampered[20]! ^= 1;
    const answers = [
      await send(`force=${force}&run=${run}`, tampered),
      await send(`force=${force}&run=${run}`, frames.subarray(0, frames.length - 1)),
      await send(`force=${force}&run=elsewhere`),
      await send(`force=${force + 1}&run=${run}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await send(`force=${force}&run=${run}`)).toMatchObject({ status: 204 });
  });

  it('refuse the renewal of a selector whose end has come', async () => {
    await expect(world.renew(abuser.pseudonyms[0]!)).rejects.toThrow('403');
    expect((await world.renew(other.pseudonyms[0]!)).selector.period).toBe(other.pseudonyms[0]!.selector.period + 1);
  });

  it('leave an expired selector alone', async () => {
    await world.base.restart();
    world.base.clock.advanceMs(120 * DAY_MS);
    await world.pass(abuser.pseudonyms);
    expect(await world.due(abuser.pseudonyms)).toEqual([]);
  });
});

async function passed(world: DecisionsWorld, pseudonyms: readonly Pseudonym[]): Promise<readonly Pseudonym[]> {
  await world.pass(pseudonyms);
  return pseudonyms;
}

/** A fresh account comes in force, and everything that waits comes with it. */
async function forceNow(world: DecisionsWorld): Promise<void> {
  const { pseudonyms } = await world.member(1);
  await world.act('suspend', pseudonyms[0]!);
}
