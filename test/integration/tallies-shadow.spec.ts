/**
 * A shadow policy with other weights: correlator and witness tally a decided epoch once more by it, as approved, and the live tallies are what
 * they would be without it.
 */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventTypes, type PolicyDocument } from '#contracts';
import { policyDigest, shadowParametersOf } from '#policy';
import { attestationMessage, toText } from '#tallies';
import { openCorrelator, openWitness, runEpoch, type Correlator, type Witness } from './tallies-processes.js';
import { hubId, TalliesWorld, type Pseudonym } from './tallies-world.js';

const { ban, commend, kick } = eventTypes;

jest.setTimeout(60_000); // a busy machine

describe('tallies of a shadow policy', () => {
  let world: TalliesWorld;
  let correlator: Correlator;
  let witness: Witness;
  let pseudonym: Pseudonym;
  let draft: PolicyDocument;

  beforeEach(async () => {
    world = await TalliesWorld.open();
    correlator = openCorrelator(world);
    witness = openWitness(world);
    pseudonym = await world.mint(0, 5);
    const { policy } = world;
    const hubs = policy.hubs.map((hub) => (hub.id === hubId(1) ? { ...hub, trust: 50 } : hub));
    const decay = { scale: 10, table: [10, 5, 0, 0] };
    draft = { ...policy, version: 2, weights: { ...policy.weights, kick: 9 }, capPerHubAndPseudonym: 15, decay, hubs };
    await world.signal(0, pseudonym.uri, kick, { by: 'hub' });
    await world.signal(0, pseudonym.uri, kick, { by: 'hub' });
    await world.signal(1, pseudonym.uri, ban, { by: 'hub', permanent: true });
    await world.signal(2, pseudonym.uri, commend, { since: '2025-01-01' });
  });
  afterEach(async () => {
    await Promise.all([correlator.close(), witness.close()]);
    await world.close();
  });

  const begin = (document = draft, by?: readonly string[]) => {
    const approved = world.people.shadow(shadowParametersOf(world.policy, document), by);
    world.keyholder.shadow = { approved, due: ['negative', 'positive'] };
  };
  const shadowed = () => world.keyholder.submissions.filter(({ header: { header } }) => header.policy === 'shadow');
  const turn = async () => {
    await witness.attesting.attestNext();
    await correlator.pipeline.advance();
  };

  it('weigh by its numbers, of both sides, once the epoch is decided; the live ones stay as they are', async () => {
    begin();
    await runEpoch(correlator, witness);
    const live = world.totals();
    expect(live).toEqual({ [`0 ${hubId(0)}`]: { 5: 4 * 16 }, [`0 ${hubId(1)}`]: { 5: 8 * 16 } });
    expect(shadowed()).toEqual([]);
    await turn();
    expect(world.keyholder.totals('negative', 'shadow')).toEqual({
      [`0 ${hubId(0)}`]: { 5: 15 * 10 }, // 18 over the cap of 15
      [`0 ${hubId(1)}`]: { 5: 8 * 5 }, // half trusted
    });
    expect(world.keyholder.totals('positive', 'shadow')).toEqual({ [`0 ${hubId(2)}`]: { 5: 10 } });
    expect(world.totals()).toEqual(live);
    for (const { header } of shadowed()) expect(header.header.policyDigest).toBe(toText(policyDigest(draft)));
  });

  it('are made once for each decided epoch, and each has its own window', async () => {
    begin();
    await runEpoch(correlator, witness);
    await turn();
    await turn();
    await turn();
    expect(shadowed()).toHaveLength(2);
    world.keyholder.shadow = { ...world.keyholder.shadow!, due: ['negative'] };
    await runEpoch(correlator, witness);
    await turn();
    expect(shadowed()).toHaveLength(3);
    expect(world.keyholder.totals('negative', 'shadow')).toEqual({
      [`0 ${hubId(0)}`]: { 5: 15 * 10 - 60 }, // 18 × 5
      [`0 ${hubId(1)}`]: { 5: 4 * 5 },
    });
  });

  it('are not made of an epoch that waits for more pseudonyms', async () => {
    begin();
    world.keyholder.answer = () => 'waiting';
    await runEpoch(correlator, witness);
    await turn();
    expect(world.keyholder.submissions).not.toEqual([]);
    expect(shadowed()).toEqual([]);
  });

  it('are made by a correlator that was started again after the decision', async () => {
    await runEpoch(correlator, witness);
    begin();
    const next = openCorrelator(world);
    expect(await next.pipeline.hasOpenEpoch()).toBe(true);
    await next.pipeline.advance();
    expect(await next.pipeline.hasOpenEpoch()).toBe(true); // the trees wait for the witness
    await witness.attesting.attestNext();
    await next.pipeline.advance();
    expect(await next.pipeline.hasOpenEpoch()).toBe(false);
    expect(shadowed()).toHaveLength(2);
    await next.close();
  });

  it('are not made by a shadow that nobody approved', async () => {
    begin(draft, ['operator-1']);
    await runEpoch(correlator, witness);
    await turn();
    expect(correlator.log).toContainEqual({ name: 'shadow-refused', fields: { epoch: 1 } });
    expect(shadowed()).toEqual([]);
  });

  it('are not attested when nobody approved what the correlator tallied by, or when the sums are others', async () => {
    begin();
    await runEpoch(correlator, witness);
    const unapproved = world.people.shadow(shadowParametersOf(world.policy, draft), ['operator-1']);
    const name = { epoch: 1, side: 'negative', policy: 'shadow' } as const;
    const tree = (await correlator.trees.find(name))!;
    const change = (column: string, value: unknown) =>
      correlator.pool.query(`UPDATE tallies.trees SET ${column} = $1 WHERE policy = 'shadow' AND side = 'negative'`, [value]);
    const refusals = () => witness.log.flatMap(({ name, fields }) => (name === 'tree-refused' ? [fields['fault']] : []));
    await change('shadow', unapproved);
    await witness.attesting.attestNext();
    // the negative side comes first, and what it carries is taken for both
    expect(refusals()).toEqual(['policy', 'policy']);
    const again = openWitness(world);
    await change('shadow', tree.shadow);
    const root = new Uint8Array(32).fill(1);
    await change('root', root);
    await change('signature', world.correlatorKey.sign(attestationMessage(name, root)));
    await again.attesting.attestNext();
    expect(again.log).toContainEqual({ name: 'tree-refused', fields: { ...name, fault: 'tallies' } });
    await correlator.deciding.decideNext();
    expect(shadowed().map(({ header }) => header.header.side)).toEqual(['positive']);
    await again.close();
  });

  it('are given up when the next epoch is decided first, or the key holder wants them no more', async () => {
    begin();
    await runEpoch(correlator, witness);
    await runEpoch(correlator, witness); // attests the first and decides the second before it
    const outcomes = async () =>
      (
        await correlator.pool.query<{ outcome: string | null }>(
          "SELECT outcome FROM tallies.trees WHERE policy = 'shadow' AND epoch = 1",
        )
      ).rows;
    expect((await outcomes()).every(({ outcome }) => outcome !== null)).toBe(true);
    world.keyholder.answer = () => 'refused';
    await turn();
    const { rows } = await correlator.pool.query("SELECT 1 FROM tallies.trees WHERE policy = 'shadow' AND outcome IS NULL");
    expect(rows).toEqual([]);
  });
});
