/** A suspension that ends by itself: what it stops, what comes back, and what wins when something else happens meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBase64Url } from '#contracts';
import { Releases } from '../../apps/keyholder/src/standings/releases/releases.service.js';
import { DecisionsWorld, handleText, reportAll, type Pseudonym } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

let world: DecisionsWorld;
let epoch = 0;
beforeAll(async () => (world = await DecisionsWorld.open({ release: { batch: 2, maxDelaySeconds: 0, minAgeDays: 0 } })));
afterAll(() => world.close());

type Account = { member: Member; pseudonyms: Pseudonym[] };
const suspend = (pseudonym: Pseudonym | undefined, days?: number) =>
  world.act('suspend', pseudonym!, days === undefined ? {} : { days });
/** The next so many days begin, one after the other, as upkeep sees them. */
async function pass(days: number): Promise<void> {
  world.base.clock.advanceDays(days);
  await world.base.app.get(Releases, { strict: false }).run();
}
/** A pass over these, and all that comes of it. */
async function changes(pseudonyms: readonly Pseudonym[]): Promise<[number, string][]> {
  await world.pass(pseudonyms);
  world.base.clock.advanceMs(20_000);
  const came = await world.changes(pseudonyms);
  return came.map(({ pseudonym, change }): [number, string] => [pseudonyms.indexOf(pseudonym), change]);
}
const crossing = ({ pseudonyms }: Account) =>
  world.decide((epoch += 1), reportAll(pseudonyms.slice(0, 1), [0, 1, 2, 3, 4, 5], 240));
const standing = async ({ member }: Account) =>
  (
    await world.base.rows('SELECT kind::text, term_days, until_day, batch FROM keyholder.standings WHERE handle = $1', [
      Buffer.from(member.handle),
    ])
  )[0];

describe('a suspension for some days', () => {
  let account: Account;

  it('takes the named pseudonym out of use, stops mint and its renewal, and leaves the siblings alone', async () => {
    account = await world.member(3);
    expect((await suspend(account.pseudonyms[0], 7)).status).toBe(200);
    expect(await world.mayMint(account.member)).toBe(false);
    expect(await changes(account.pseudonyms)).toEqual([[0, 'disabled']]);
    await expect(world.renew(account.pseudonyms[0]!)).rejects.toThrow('403');
    await world.renew(account.pseudonyms[1]!);
  });

  it('is told to the registrar by no batch, however many others are', async () => {
    for (const other of [await world.member(1), await world.member(1)]) await suspend(other.pseudonyms[0]);
    const { suspend: told } = await world.releases();
    expect(told.length).toBe(2);
    expect(told).not.toContain(handleText(account.member));
  });

  it('goes on after a crash, and not a day longer', async () => {
    await world.base.restart();
    await pass(6);
    expect(await world.mayMint(account.member)).toBe(false);
    expect(await changes(account.pseudonyms)).toEqual([[0, 'disabled']]); // the list was in memory only
    await pass(1);
    expect(await standing(account)).toBeUndefined();
    expect(await world.mayMint(account.member)).toBe(true);
  });

  it('gives the pseudonym back, once, and again when the one who asks had forgotten it', async () => {
    expect(await changes(account.pseudonyms)).toEqual([[0, 'enabled']]);
    expect(await changes(account.pseudonyms)).toEqual([]);
    await world.base.restart();
    expect(await changes(account.pseudonyms)).toEqual([[0, 'enabled']]);
    expect((await world.releases()).reinstate).toEqual([]);
  });

  it('ends only once: the next days add no force time', async () => {
    const forces = async () => (await world.base.rows('SELECT max(number) AS number FROM keyholder.force_times'))[0]!['number'];
    const before = await forces();
    await pass(0);
    await pass(1);
    expect(await forces()).toBe(before);
  });
});

describe('what wins', () => {
  it('is the longer of two terms, whoever asks for it', async () => {
    const account = await world.member(2);
    await suspend(account.pseudonyms[0], 10);
    await world.act('suspend', account.pseudonyms[1]!, { by: 'mod-1', key: world.moderators[1]!, days: 3 });
    expect(await standing(account)).toMatchObject({ kind: 'blind', term_days: 10 });
    expect(await changes(account.pseudonyms)).toEqual(
      expect.arrayContaining([
        [0, 'disabled'],
        [1, 'disabled'],
      ]),
    );
    await pass(3);
    expect(await changes(account.pseudonyms)).toEqual([]); // its own term is over, the account's is not
    await pass(7);
    expect((await changes(account.pseudonyms)).map(([, change]) => change)).toEqual(['enabled', 'enabled']);
  });

  it('is a suspension for good, by the first word on it', async () => {
    const account = await world.member(2);
    await suspend(account.pseudonyms[0], 5);
    await suspend(account.pseudonyms[0]);
    await pass(5);
    expect(await standing(account)).toMatchObject({ kind: 'blind', term_days: null });
    expect(await changes(account.pseudonyms)).toEqual([[0, 'revoked']]);
    expect(await world.mayMint(account.member)).toBe(false);
  });

  it('is a decided tally: all its pseudonyms end, and the day of the term changes nothing', async () => {
    const account = await world.member(2);
    await suspend(account.pseudonyms[0], 5);
    await crossing(account);
    await pass(5);
    expect(await standing(account)).toMatchObject({ kind: 'full', term_days: null, until_day: null });
    const came = await changes(account.pseudonyms);
    expect(came).toEqual(
      expect.arrayContaining([
        [0, 'revoked'],
        [1, 'revoked'],
      ]),
    );
    expect(came.filter(([, change]) => change === 'enabled')).toEqual([]);
  });

  it('is a standing that was there before: a term adds nothing to it and backs nothing', async () => {
    const account = await world.member(3);
    await suspend(account.pseudonyms[0]);
    await world.act('suspend', account.pseudonyms[1]!, { by: 'mod-1', key: world.moderators[1]!, days: 2 });
    await pass(3);
    expect(await standing(account)).toMatchObject({ kind: 'blind', term_days: null });
    expect(await changes(account.pseudonyms.slice(2))).toEqual([]);
  });

  it('is a reinstatement: the pseudonym that it names comes back before its day', async () => {
    const account = await world.member(1);
    await suspend(account.pseudonyms[0], 80);
    expect(await changes(account.pseudonyms)).toEqual([[0, 'disabled']]);
    await world.act('reinstate', account.pseudonyms[0]!);
    expect(await world.mayMint(account.member)).toBe(true);
    expect(await changes(account.pseudonyms)).toEqual([[0, 'enabled']]);
  });

  it('after it is new abuse only: signals from before never suspend again', async () => {
    const account = await world.member(1);
    await suspend(account.pseudonyms[0], 1);
    await pass(1);
    await crossing(account); // notes what was there
    await crossing(account);
    expect(await standing(account)).toBeUndefined();
  });
});

describe('its statement', () => {
  it('gets the receipt that every act gets', async () => {
    const [free, suspended] = [await world.member(1), await world.member(1)];
    await suspend(suspended.pseudonyms[0]);
    const answers = [
      await suspend(free.pseudonyms[0], 3),
      await suspend(free.pseudonyms[0], 3),
      await suspend(suspended.pseudonyms[0], 3),
      await world.act('reinstate', free.pseudonyms[0]!),
    ];
    for (const { status, text } of answers)
      expect([status, Object.keys(JSON.parse(text)), fromBase64Url(JSON.parse(text).receipt).length]).toEqual([
        200,
        ['receipt'],
        64,
      ]);
  });

  it('is taken once, and not for more days than there may be, none, or for a reinstatement', async () => {
    const { pseudonyms } = await world.member(1);
    const id = 'B'.repeat(21) + 'A';
    const first = await world.act('suspend', pseudonyms[0]!, { id, days: 3 });
    expect(await world.act('suspend', pseudonyms[0]!, { id, days: 3 })).toEqual(first);
    expect((await world.act('suspend', pseudonyms[0]!, { id, days: 4 })).status).toBe(403);
    const bad = [
      await world.act('suspend', pseudonyms[0]!, { days: 91 }),
      await world.act('suspend', pseudonyms[0]!, { days: 1.5 }),
      await world.act('suspend', pseudonyms[0]!, { days: -1 }),
      await world.act('reinstate', pseudonyms[0]!, { days: 3 }),
    ];
    expect(bad.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });
});

describe('an end at once', () => {
  let atOnce: DecisionsWorld;
  beforeAll(
    async () => (atOnce = await DecisionsWorld.open({ release: { batch: 3, maxDelaySeconds: 3 * 86_400, minAgeDays: 0 } })),
  );
  afterAll(() => atOnce.close());

  it('takes two leads, and then ends every pseudonym with the force time; the registrar waits for its batch', async () => {
    const desk = new RequestDesk(atOnce.base);
    const account = await atOnce.member(4);
    const request = desk.request('expedite', { uri: account.pseudonyms[0]!.redemption.uri as never });
    await desk.approved(request, 'lead-2');
    expect((await desk.approve(request, 'lead-1')).status).toBe(403); // one’s own
    expect((await desk.execute(request, account.pseudonyms[0])).status).toBe(403);
    expect((await desk.approve(request, 'lead-3')).status).toBe(204);
    expect((await desk.execute(request, account.pseudonyms[1])).status).toBe(403); // another pseudonym's selector
    const answer = await desk.execute(request, account.pseudonyms[0]);
    expect(await desk.read(request, answer)).toEqual({ output: 'nothing' });
    expect((await desk.execute(request, account.pseudonyms[0])).status).toBe(403); // once
    await atOnce.pass(account.pseudonyms);
    const came = await atOnce.changes(account.pseudonyms); // the clock stands still
    expect(came.map(({ change }) => change)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
    expect(await atOnce.mayMint(account.member)).toBe(false);
    expect((await atOnce.releases()).suspend).toEqual([]);
    const leaf = (await atOnce.audit()).find(({ type, kind }) => type === 'executed' && kind === 'expedite');
    expect(JSON.stringify(leaf)).not.toContain('mimi://');
    expect(leaf).toMatchObject({ approvers: ['lead-2', 'lead-3'], subject: expect.any(String) });
  });

  it('holds when the decision that had suspended the account is undone', async () => {
    const desk = new RequestDesk(atOnce.base);
    const account = await atOnce.member(1);
    await atOnce.decide(1, reportAll(account.pseudonyms, [0, 1, 2, 3, 4, 5], 240));
    const { uri } = account.pseudonyms[0]!.redemption;
    await desk.done(desk.request('expedite', { uri: uri as never }), ['lead-2', 'lead-3'], account.pseudonyms[0]);
    await desk.done(desk.request('undo-decision', { epoch: 1 }), ['lead-2', 'lead-3']);
    expect(await atOnce.mayMint(account.member)).toBe(false);
  });
});

describe('the mark of a pseudonym that came back', () => {
  it('is forgotten when no credential from then can be valid any more', async () => {
    const marks = async () =>
      (await world.base.rows('SELECT 1 FROM keyholder.named_selectors WHERE ended IS NOT NULL')).length > 0;
    expect(await marks()).toBe(true);
    await pass(200);
    await pass(0); // those whose term was over only now
    expect(await marks()).toBe(false);
  });
});
