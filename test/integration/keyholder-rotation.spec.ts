/** Key rotation over the key holder's own routes: what was made under the old key epoch goes on working beside the new until it is destroyed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import type { KeyEpochState } from '#contracts';
import type { ParameterSetName } from '#he';
import { daysUntilFree } from '../../apps/keyholder/src/cohorts/cohort-rules.js';
import { checkSelector, toSelectorJson } from '#pseudonyms';
import { DecisionsWorld, handleText, reportAll } from './keyholder-decisions-world.js';
import type { Pseudonym, Report } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

/** Six hubs: after the two largest of 240 each, 960 of the threshold's 960. */
const reporting = [0, 1, 2, 3, 4, 5];
const sets: readonly ParameterSetName[] = ['plain-n2048', 'n2048-q50-t20'];

describe.each(sets)('a key rotation, %s', (set) => {
  let world: DecisionsWorld;
  let desk: RequestDesk;
  /** of each: one pseudonym from before the rotation, one from after it */
  const members: { member: Member; before: Pseudonym; after: Pseudonym }[] = [];
  beforeAll(async () => {
    world = await DecisionsWorld.open({}, { parameterSet: set });
    desk = new RequestDesk(world.base);
  }, 60_000);
  afterAll(() => world.close());

  const rotate = () => desk.done(desk.request('key-rotation', { what: 'scheme' }), ['lead-2', 'lead-3']);
  const states = async () =>
    (JSON.parse((await world.base.get('/v1/key-epochs', 'ctl')).text) as { keyEpochs: KeyEpochState[] }).keyEpochs;
  const openEpochs = () => world.base.rows('SELECT DISTINCT key_epoch FROM keyholder.cohorts WHERE open');
  const file = (name: string) => path.join(world.base.folder, 'secrets', name);
  /** Half of the total on each of these. */
  const halves = (pseudonyms: readonly Pseudonym[], total: number): Report[] => reportAll(pseudonyms, reporting, total);
  const typed = async (type: string) => (await world.base.audit()).filter((leaf) => leaf['type'] === type);

  it('closes the old cohorts for mints, opens a block of its own, and is in the log', async () => {
    const first: { member: Member; before: Pseudonym }[] = [];
    for (let i = 0; i < 3; i++) {
      const { member, pseudonyms } = await world.member(1);
      first.push({ member, before: pseudonyms[0]! });
    }
    expect(await rotate()).toEqual({ output: 'nothing' });
    world.base.readPin();
    expect(world.base.pin.selectorKeys.map(({ keyEpoch }) => keyEpoch)).toEqual([1, 2]);
    expect(await openEpochs()).toEqual([{ key_epoch: 2 }]);
    for (const one of first) {
      const after = await world.mint(one.member);
      expect([one.before.selector.keyEpoch, after.selector.keyEpoch]).toEqual([1, 2]);
      expect(after.selector.cohort).not.toBe(one.before.selector.cohort);
      checkSelector(world.base.pinned, after.selector);
      members.push({ ...one, after });
    }
    expect(await typed('key-epoch')).toMatchObject([
      { number: 2, selectorKey: toBase64Url(world.base.pin.selectorKeys[1]!.key) },
    ]);
    expect((await typed('executed')).at(-1)).toMatchObject({ kind: 'key-rotation', approvers: ['lead-2', 'lead-3'] });
    const [old, now] = await states();
    expect([old, now]).toMatchObject([
      { number: 1, state: 'winding-down', positions: 3 },
      { number: 2, state: 'in-use' },
    ]);
  });

  it('answers a mint from before it again as it was', async () => {
    const { redemption, selector } = members[0]!.before;
    const answer = await world.base.mint(redemption);
    expect(answer.selector).toMatchObject({ keyEpoch: 1, cohort: selector.cohort });
    expect(answer.selector.selectorId).toBe(toBase64Url(selector.selectorId));
  });

  it('is decided with both keys together: an account crosses by what it has under each, and one below stays below', async () => {
    const [crossing, below] = members;
    const reports = [
      ...halves([crossing!.before, crossing!.after], 120),
      ...halves([below!.before], 120),
      ...halves([below!.after], 119),
    ];
    const tree = await world.tree(1, reports);
    expect(new Set(tree.tallies.map(({ keyEpoch }) => keyEpoch))).toEqual(new Set([1, 2]));
    expect((await world.submit(world.attest(tree), tree.ciphertexts)).status).toBe(200);
    expect((await world.releases()).suspend).toEqual([handleText(crossing!.member)]);
  });

  it('is matched with both keys: every selector of the suspended account ends, and no other', async () => {
    const all = members.flatMap(({ before, after }) => [before, after]);
    await world.pass(all);
    world.base.clock.advanceDays(1 / 24);
    expect(new Set(await world.due(all))).toEqual(new Set([members[0]!.before, members[0]!.after]));
  });

  it('moves a pseudonym over when it is renewed: a fresh cohort, the same for every retry, and the same again at the next renewal', async () => {
    const { member, before, after } = members[1]!;
    const moved = await world.renew(before);
    expect(moved.selector).toMatchObject({ keyEpoch: 2, subject: before.selector.subject });
    const open = await world.base.rows('SELECT cohort FROM keyholder.cohorts WHERE open AND key_epoch = 2');
    expect(open.map(({ cohort }) => cohort)).toContain(moved.selector.cohort);
    const again = await world.renew(before);
    expect(again.selector).toMatchObject({ selectorId: moved.selector.selectorId, cohort: moved.selector.cohort });
    const stayed = await world.renew(after);
    expect(stayed.selector).toMatchObject({ keyEpoch: 2, cohort: after.selector.cohort });
    const own = 'SELECT count(*)::int AS n FROM keyholder.positions WHERE handle = $1 AND cohort = $2';
    expect(await world.base.rows(own, [member.handle, moved.selector.cohort])).toEqual([{ n: 1 }]);
    const counts = await world.base.rows('SELECT sum(count)::int AS n FROM keyholder.live_counts WHERE handle = $1', [
      member.handle,
    ]);
    expect(counts).toEqual([{ n: 2 }]);
    const sums = halves([moved], 120).concat(halves([stayed], 120));
    expect((await world.decide(2, sums)).status).toBe(200);
    expect((await world.releases()).suspend).toContain(handleText(member));
  });

  it('refuses a tree whose ciphertext is of the other key epoch, and freezes', async () => {
    const { before, after } = members[2]!;
    const swapped = { ...before, selector: { ...before.selector, bytes: after.selector.bytes } };
    const claimed = { ...before, selector: { ...before.selector, keyEpoch: 2 } };
    const faults: unknown[] = [];
    // the plain twin has no secret that could differ: there only the leaf's own claim can be false
    for (const wrong of set === 'plain-n2048' ? [claimed] : [claimed, swapped]) {
      const tree = await world.tree(3, halves([wrong], 120));
      expect((await world.submit(world.attest(tree), tree.ciphertexts)).status).toBe(403);
      faults.push((await typed('frozen')).at(-1)!['fault']);
      await world.unfreeze();
    }
    expect(faults).toEqual(set === 'plain-n2048' ? ['key-epoch'] : ['key-epoch', 'noise']);
    const pinned = world.base.pinned;
    expect(() => checkSelector(pinned, claimed.selector)).toThrow();
  });

  it('ends by destroying the old key on the day its last selector has left the window, and not one earlier', async () => {
    const lastDay = async () =>
      (
        await world.base.rows(
          'SELECT max(p.last_day) AS day FROM keyholder.positions p JOIN keyholder.cohorts c USING (cohort) WHERE c.key_epoch = 1',
        )
      )[0]!['day'] as number;
    const due = (await lastDay()) + daysUntilFree(world.document);
    expect((await states())[0]).toMatchObject({ state: 'winding-down', freeDay: due });
    world.base.clock.advanceDays(due - 1 - world.base.clock.today());
    await world.base.upkeep();
    expect([(await states())[0]!.state, existsSync(file('scheme-secret-1'))]).toEqual(['winding-down', true]);
    world.base.clock.advanceDays(1);
    await world.base.upkeep();
    expect((await states())[0]).toMatchObject({ state: 'destroyed', destroyedDay: due, positions: 0 });
    expect(['scheme-secret-1', 'selector-key-1', 'scheme-secret-2'].map((name) => existsSync(file(name)))).toEqual([
      false,
      false,
      true,
    ]);
    expect(await typed('key-destroyed')).toMatchObject([{ number: 1, day: due }]);
    world.base.readPin();
    expect(world.base.pin.selectorKeys.map(({ keyEpoch }) => keyEpoch)).toEqual([2]);
  });

  it('leaves nothing that the destroyed key could have opened: trees freeze, acts and renewals are refused, a match goes on', async () => {
    const { before } = members[2]!;
    const { member, pseudonyms } = await world.member(1);
    await world.pass([before, ...pseudonyms]);
    expect((await world.act('suspend', before)).status).toBe(403);
    while (world.base.clock.today() % 30 < 20) world.base.clock.advanceDays(1);
    const period = Math.floor(world.base.clock.today() / 30) + 1;
    expect((await world.base.renew(toSelectorJson(before.selector), before.redemption, period)).status).toBe(403);
    const tree = await world.tree(4, halves([before], 120), { since: 2 });
    expect((await world.submit(world.attest(tree), tree.ciphertexts)).status).toBe(403);
    expect((await typed('frozen')).at(-1)).toMatchObject({ fault: 'key-epoch' });
    await world.unfreeze();
    expect(await world.mayMint(member)).toBe(true);
    await world.base.restart();
    expect(await world.mayMint(member)).toBe(true);
  });
});
