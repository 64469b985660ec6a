import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBase64Url } from '#contracts';
import { DecisionsWorld, handleText, reportAll, type Pseudonym } from './keyholder-decisions-world.js';

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
    await world.decide(1, reportAll(suspended.pseudonyms.slice(0, 1), [0, 1, 2, 3, 4, 5], 240));
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
      await world.act('suspend', one, { by: 'operator-1', key: world.base.operator }),
      await world.act('suspend', swapped),
      await world.act('suspend', forged),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(new Set(answers.map(({ text }) => text.length)).size).toBe(1);
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
