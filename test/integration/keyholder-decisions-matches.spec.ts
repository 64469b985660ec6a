import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#contracts';
import { DecisionsWorld, reportAll, type Pseudonym } from './keyholder-decisions-world.js';

describe('match and due times', () => {
  let world: DecisionsWorld;
  let abuser: { pseudonyms: Pseudonym[] };
  let other: { pseudonyms: Pseudonym[] };
  beforeAll(async () => {
    world = await DecisionsWorld.open();
    [abuser, other] = [await world.member(9), await world.member(3)];
    await world.decide(1, reportAll(abuser.pseudonyms.slice(0, 1), [0, 1, 2, 3, 4, 5], 240));
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
    const send = (query: string, body = frames) => world.send(`/v1/matches?${query}`, body, 'nyms');
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
