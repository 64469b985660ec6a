/** Budgets of the key holder that take pseudonyms, statements and trees: each holds by itself, and begins anew with its span. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DecisionsWorld, reportAll, type Pseudonym, type Tree } from './keyholder-decisions-world.js';

const epochSeconds = 86_400;
let world: DecisionsWorld;
let members: Pseudonym[];
beforeAll(async () => {
  const budgets = { renewalsPerMinute: 2, actsPerDay: 2, selectorsPerEpoch: 3, decisionsPerEpoch: 1 };
  world = await DecisionsWorld.open({ epochSeconds }, { budgets });
  members = [];
  for (let i = 0; i < 4; i++) members.push((await world.member(1)).pseudonyms[0]!);
}, 60_000);
afterAll(() => world.close());

const over = async (budget: string) => {
  const { text } = await world.base.get('/metrics');
  return Number(new RegExp(`nymtally_keyholder_over_budget_total\\{budget="${budget}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};
const counted = async () => {
  const counts = (await world.audit()).map((leaf) => leaf['counts'] as Record<string, number> | undefined);
  return counts.reduce((sum, one) => sum + (one?.['over-budget'] ?? 0), 0);
};

describe('the budget of', () => {
  it('renewals is for a minute', async () => {
    const [first, second, third] = members;
    const renew = async (pseudonym: Pseudonym) =>
      (await world.renew(pseudonym).catch((error: Error) => error.message)) as unknown;
    expect(await renew(first!)).toHaveProperty('selector');
    expect(await renew(second!)).toHaveProperty('selector');
    expect(await renew(third!)).toBe('renewal was answered 403');
    expect([await over('renewals'), await over('mints')]).toEqual([1, 0]);
    world.base.clock.advanceMs(60_000);
    expect(await renew(third!)).toHaveProperty('selector');
  });

  it('acts is for a day, and whatever is asked for takes of it', async () => {
    const [first, second] = members;
    const status = async (...args: Parameters<typeof world.act>) => (await world.act(...args)).status;
    expect(await status('suspend', first!, { by: 'nobody' })).toBe(403);
    expect(await status('suspend', first!)).toBe(200);
    expect(await status('suspend', second!)).toBe(403);
    expect(await over('acts')).toBe(1);
    world.base.clock.advanceDays(1);
    expect(await status('suspend', second!)).toBe(200);
  });

  it('selectors is for an epoch, and gives all that is asked for or nothing', async () => {
    const pass = async (pseudonyms: readonly Pseudonym[]) =>
      world.pass(pseudonyms).then(
        () => 204,
        (error: Error) => Number(/answered (\d+)/.exec(error.message)?.[1]),
      );
    expect(await pass(members.slice(0, 2))).toBe(204);
    expect(await pass(members.slice(0, 2))).toBe(403);
    expect(await pass(members.slice(0, 1))).toBe(204);
    expect(await pass(members.slice(0, 1))).toBe(403);
    expect(await over('selectors')).toBe(2);
    world.base.clock.advanceMs(epochSeconds * 1_000);
    expect(await pass(members.slice(0, 3))).toBe(204);
  });

  it('decisions is one tree for an epoch and side, and one whose connection breaks is not paid for twice', async () => {
    const about = reportAll(members, [0], 16);
    const submit = (tree: Tree, ciphertexts: readonly Uint8Array[] = tree.ciphertexts) =>
      world.submit(world.attest(tree), ciphertexts);
    const first = await world.tree(1, about);
    expect((await submit(first, [])).status).toBe(403); // it was admitted, and nothing came
    expect((await submit(first)).status).toBe(200);
    expect((await submit(first)).status).toBe(200); // the same answer again
    expect(await over('negative-decisions')).toBe(0);

    const second = await world.tree(2, about);
    expect((await submit(second)).status).toBe(403);
    expect([await over('negative-decisions'), await over('positive-decisions')]).toEqual([1, 0]);
    expect((await submit(await world.tree(1, about, { side: 'positive' }))).status).toBe(200);

    world.base.clock.advanceMs(epochSeconds * 1_000);
    expect((await submit(second)).status).toBe(200);
    expect((await submit(await world.tree(3, about))).status).toBe(403);
  });

  it('each is in the log when it is over', async () => {
    expect(await counted()).toBeGreaterThanOrEqual(1);
    const sum = await Promise.all(['renewals', 'acts', 'selectors', 'negative-decisions'].map(over));
    expect(sum).toEqual([1, 1, 2, 2]);
  });
});
