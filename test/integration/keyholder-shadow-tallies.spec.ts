/** A shadow policy with other weights at the key holder: attested tallies of its own, opened once, for counts and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyholderParameters, shadowAnswer, type PolicyDocument } from '#contracts';
import { policyDigest, shadowParametersOf } from '#policy';
import { attestTree } from './keyholder-decisions-trees.js';
import { DecisionsWorld, reportAll, type Pseudonym, type Report } from './keyholder-decisions-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

/** So much ε that the noise is nothing in a thousand million runs. */
const shadow = { shadowBudget: 400, shadowEpsilon: 10_000 };

let world: DecisionsWorld;
let desk: RequestDesk;
let draft: PolicyDocument;
const members: Pseudonym[] = [];
beforeAll(async () => {
  world = await DecisionsWorld.open({}, { shadow });
  desk = new RequestDesk(world.base);
  for (let i = 0; i < 12; i++) members.push((await world.member(1)).pseudonyms[0]!);
  draft = shadowDraft();
});
afterAll(() => world.close());

const shadowDraft = (): PolicyDocument => {
  const { version, weights, hubs } = world.document;
  const trusted = hubs.map((hub, i) => (i === 11 ? { ...hub, trust: 50 } : hub));
  return { ...world.document, version: version + 1, weights: { ...weights, kick: 40 }, hubs: trusted };
};
const parameters = async () => keyholderParameters.parse(JSON.parse((await world.base.get('/v1/parameters', 'correlator')).text));
const reports = async () => shadowAnswer.parse(JSON.parse((await desk.get('/v1/shadow', 'operator-2')).text)).reports;
/** By the live policy nobody crosses, by the shadow's weights all do: six hubs with 40 × 16 each. */
const little = () => reportAll(members, [0, 1, 2, 3, 4, 5], 32);
const much = (of: readonly Pseudonym[] = members) => reportAll(of, [0, 1, 2, 3, 4, 5], 640);

async function shadowTree(epoch: number, about: readonly Report[], document = draft, since = epoch - 1) {
  const live = world.document;
  world.document = document;
  const tree = await world.tree(epoch, about, { policy: 'shadow', since });
  world.document = live;
  return tree;
}
const submit = async (...tree: Parameters<typeof shadowTree>) => {
  const made = await shadowTree(...tree);
  return world.submit(world.attest(made), made.ciphertexts);
};
const begin = async (document: PolicyDocument) => {
  const request = desk.request('policy-shadow', shadowParametersOf(world.document, document), { requester: 'operator-1' });
  expect((await desk.make(request)).status).toBe(200);
  await desk.approve(request, 'operator-2');
  return desk.execute(request);
};

describe('a shadow policy with other weights', () => {
  it('is asked for and approved like one with other thresholds, and the correlator is told as soon as an epoch is decided', async () => {
    expect((await parameters()).shadow).toBeNull();
    expect((await begin(draft)).status).toBe(200);
    expect((await parameters()).shadow).toMatchObject({ due: [] });
    expect((await submit(1, much())).status).toBe(403); // nothing is decided yet
    expect((await world.decide(1, little())).status).toBe(200);
    const told = (await parameters()).shadow;
    expect(told).toMatchObject({
      due: ['negative'],
      approved: { request: { parameters: shadowParametersOf(world.document, draft) } },
    });
    expect(told?.approved.approvals).toHaveLength(1);
    expect(await reports()).toEqual([]); // nothing was counted on the live tally
  });

  it.each<[string, () => Promise<{ status: number }>]>([
    [
      'nobody attested',
      async () => {
        const tree = await shadowTree(1, much());
        return world.submit(attestTree(tree, { correlator: world.base.correlator, witnesses: {} }), tree.ciphertexts);
      },
    ],
    ['weighs by the live policy', () => submit(1, little(), world.document)],
    ['weighs by another policy', () => submit(1, much(), { ...draft, capPerHubAndPseudonym: 39 })],
    ['is of an epoch before or after the last decided', () => submit(2, much())],
    [
      'is brought as the live one',
      async () => {
        const tree = await shadowTree(1, much());
        const header = { ...tree.header, policy: 'live' as const, epoch: 2, since: 1 };
        return world.submit(world.attest({ ...tree, header }), tree.ciphertexts);
      },
    ],
  ])('is not counted on a tree that %s', async (_, act) => {
    expect((await act()).status).toBe(403);
    expect(await reports()).toEqual([]);
  });

  it('is counted once on its own tally, announced before, and changes nobody', async () => {
    const tree = await shadowTree(1, much());
    const [header, ciphertexts] = [world.attest(tree), tree.ciphertexts];
    expect(await world.submit(header, ciphertexts)).toMatchObject({ status: 200 });
    expect(await reports()).toEqual([{ epoch: 1, side: 'negative', version: 2, counts: [12, 12, 12, 12, 12] }]);
    const leaves = await world.audit();
    const at = leaves.findIndex(({ type }) => type === 'shadow-tally');
    expect(leaves[at]).toMatchObject({ epoch: 1, side: 'negative', policyVersion: 2, epsilon: 100, announced: true });
    expect(leaves.slice(at + 1)).toContainEqual(expect.objectContaining({ type: 'completed', of: leaves[at]!['index'] }));
    expect((await world.releases()).suspend).toEqual([]);
    expect(await world.base.rows('SELECT 1 FROM keyholder.standings')).toEqual([]);
    expect((await parameters()).shadow?.due).toEqual([]);
    expect(await world.submit(header, ciphertexts)).toMatchObject({ status: 200 });
    expect(await reports()).toHaveLength(1);
    expect((await world.audit()).filter(({ type }) => type === 'shadow-tally')).toHaveLength(1);
  });

  it('is counted after a crash between the note of the digests and the count', async () => {
    expect((await world.decide(2, little(), { since: 1 })).status).toBe(200);
    const tree = await shadowTree(2, much());
    const [header, [first, ...rest]] = [world.attest(tree), tree.ciphertexts];
    expect((await world.submit(header, [first!])).status).toBe(403); // cut off in the middle
    await world.base.restart();
    expect((await world.submit(header, [first!, ...rest])).status).toBe(200);
    expect((await reports())[0]).toMatchObject({ epoch: 2, counts: [12, 12, 12, 12, 12] });
  });

  it('leaves accounts out that start from a baseline, which was weighed by the live policy', async () => {
    const suspended = members[0]!;
    expect((await world.decide(3, [...little(), ...reportAll([suspended], [6, 7, 8, 9], 640)], { since: 2 })).status).toBe(200);
    expect((await world.act('reinstate', suspended)).status).toBe(200);
    expect((await submit(3, much())).status).toBe(200);
    expect((await reports())[0]).toMatchObject({ epoch: 3, counts: [11, 11, 11, 11, 11] });
  });

  it('is not opened any more once the budget is spent', async () => {
    expect((await world.decide(4, little(), { since: 3 })).status).toBe(200);
    expect((await submit(4, much())).status).toBe(200);
    expect((await world.decide(5, little(), { since: 4 })).status).toBe(200);
    expect((await parameters()).shadow?.due).toEqual([]);
    const answer = await submit(5, much());
    expect(JSON.parse(answer.text)).toEqual({ outcome: 'waiting', epoch: 5 });
    expect(await world.base.rows("SELECT 1 FROM keyholder.opened_tallies WHERE epoch = 5 AND policy = 'shadow'")).toEqual([]);
    expect((await reports())[0]).toMatchObject({ epoch: 4 });
  });

  it('freezes decisions when its attested tally is impossible', async () => {
    world.base.clock.advanceMs(31 * 86_400_000);
    const about = reportAll(members, [0], 40 * 16 + 1); // over the cap
    expect((await submit(5, about)).status).toBe(403);
    expect((await world.decide(6, little(), { since: 5 })).status).toBe(409);
    await world.unfreeze();
    expect((await world.decide(6, little(), { since: 5 })).status).toBe(200);
  });

  it('ends with the policy it differs from', async () => {
    world.document = { ...world.document, version: 2 };
    world.base.install(world.document);
    expect((await world.decide(7, little(), { since: 6 })).status).toBe(200);
    expect((await parameters()).shadow).toBeNull();
    expect((await submit(7, much())).status).toBe(403);
    expect(policyDigest(draft)).not.toEqual(policyDigest(world.document));
  });
});
