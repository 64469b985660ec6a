/** Undoing the decision of an epoch by approved request: what it made is lifted, and what else holds stays. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DecisionsWorld, handleText, reportAll, type Pseudonym } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

interface Account {
  readonly member: Member;
  readonly pseudonyms: Pseudonym[];
}

let world: DecisionsWorld;
let desk: RequestDesk;
/** Eleven that the first decision suspends, one that a moderator suspends as well, one of a later decision. */
const MANY = 11;
let accounts: Account[];
const crossing = (of: readonly Account[]) =>
  of.flatMap(({ pseudonyms }) => reportAll(pseudonyms.slice(0, 1), [0, 1, 2, 3, 4, 5], 240));
const undo = (epoch: number) => desk.request('undo-decision', { epoch });
const preview = async (epoch: number) => {
  const { status, text } = await desk.get(`/v1/decisions/${epoch}/undo`, 'lead-2');
  return [status, JSON.parse(text)];
};

beforeAll(async () => {
  world = await DecisionsWorld.open({ release: { batch: 2, maxDelaySeconds: 0, minAgeDays: 0 } });
  desk = new RequestDesk(world.base);
  accounts = await Promise.all(Array.from({ length: MANY + 2 }, () => world.member(2)));
});
afterAll(() => world.close());

describe('undoing a decision', () => {
  it('is shown before: a count from ten accounts on, and nothing for an epoch without a decision', async () => {
    expect(await preview(1)).toEqual([200, { epoch: 1, decided: false, fewerThan: 10 }]);
    expect((await desk.make(undo(1))).status).toBe(403);
    await world.decide(1, crossing(accounts.slice(0, MANY + 1)));
    expect(await preview(1)).toEqual([200, { epoch: 1, decided: true, count: MANY + 1 }]);
    expect((await world.base.get('/v1/decisions/1/undo', 'ctl')).status).toBe(401);
  });

  it('lifts what the decision made, and keeps what a moderator or another decision made', async () => {
    const [moderated, later] = accounts.slice(MANY) as [Account, Account];
    await world.act('suspend', moderated.pseudonyms[1]!);
    await world.decide(2, crossing([later]), { since: 1 });
    expect(await preview(1)).toEqual([200, { epoch: 1, decided: true, count: MANY + 1 }]);
    expect(await preview(2)).toEqual([200, { epoch: 2, decided: true, fewerThan: 10 }]);
    const request = undo(1);
    await desk.approved(request, 'lead-2');
    expect((await desk.execute(request)).status).toBe(403);
    await desk.approve(request, 'lead-3');
    expect(await desk.read(request, await desk.execute(request))).toEqual({ output: 'count', count: MANY + 1 });
    const mayMint = [];
    for (const { member } of accounts) mayMint.push(await world.mayMint(member));
    expect(mayMint).toEqual([...Array<boolean>(MANY).fill(true), false, false]);
    const { reinstate } = await world.releases();
    expect(new Set(reinstate)).toEqual(new Set(accounts.slice(0, MANY).map(({ member }) => handleText(member))));
  });

  it('leaves to the moderator’s act what is left of it: the named pseudonym, and siblings by expiry', async () => {
    const [row] = await world.base.rows('SELECT kind::text, backed, epoch FROM keyholder.standings WHERE handle = $1', [
      Buffer.from(accounts[MANY]!.member.handle),
    ]);
    expect(row).toEqual({ kind: 'blind', backed: false, epoch: null });
  });

  it('spares the pseudonyms that have not ended yet, and lets old signals suspend nobody again', async () => {
    const [first] = accounts as [Account];
    await world.pass(first.pseudonyms);
    world.base.clock.advanceMs(60_000);
    expect(await world.due(first.pseudonyms)).toEqual([]);
    await world.decide(3, crossing([first]), { since: 2 }); // the same signals, in the window still
    expect(await world.mayMint(first.member)).toBe(true);
  });

  it('changes nothing the second time', async () => {
    expect(await preview(1)).toEqual([200, { epoch: 1, decided: true, count: MANY + 1 }]);
    expect(await desk.done(undo(1), ['lead-2', 'lead-3'])).toEqual({ output: 'count', count: MANY + 1 });
    expect(await world.mayMint(accounts[MANY]!.member)).toBe(false);
  });

  it('is shown as it was decided, whatever is done about one account: no count tells which pseudonyms are of one', async () => {
    const fresh = await Promise.all(Array.from({ length: MANY }, () => world.member(2)));
    await world.decide(4, crossing(fresh), { since: 3 });
    const known = await preview(4);
    expect(known).toEqual([200, { epoch: 4, decided: true, count: MANY }]);
    const [one, other] = fresh as [Account, Account];
    for (const act of [
      () => world.act('suspend', one.pseudonyms[0]!),
      () => world.act('suspend', one.pseudonyms[1]!),
      () => world.act('suspend', other.pseudonyms[0]!),
      () => world.act('reinstate', other.pseudonyms[1]!),
    ]) {
      expect((await act()).status).toBe(200);
      expect(await preview(4)).toEqual(known);
    }
    expect(await desk.done(undo(4), ['lead-2', 'lead-3'])).toEqual({ output: 'count', count: MANY });
  });
});
