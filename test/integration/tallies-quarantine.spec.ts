/**
 * A hub in quarantine, on real ciphertexts: its signals stop counting at the next tally of both sides, and when it is released everything in
 * the window counts again, byte for byte as before. A plain twin of the rules is in the totals' own specs.
 */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventTypes, type HubEntry, type PolicyDocument, type Side } from '#contracts';
import { openCorrelator, openWitness, runEpoch, type Correlator, type Witness } from './tallies-processes.js';
import { hubId, TalliesWorld } from './tallies-world.js';

const { abuseReport, commend, kick } = eventTypes;
const verified = { reason: 'spam', hubVerified: true };
const since = { since: '2025-01-01' };

jest.setTimeout(60_000); // a busy machine

describe('a hub in quarantine', () => {
  let world: TalliesWorld;
  let correlator: Correlator;
  let witness: Witness;

  beforeEach(async () => {
    world = await TalliesWorld.open('n2048-q50-t20');
    correlator = openCorrelator(world);
    witness = openWitness(world);
    // nothing decays, so that the same signals come to the same sums in every epoch
    const negative = { ...world.policy.negative, f: 0 };
    install({ decay: { scale: 16, table: [16, 16, 16, 16] }, negative, acknowledgeNoTrim: true });
  });
  afterEach(async () => {
    await Promise.all([correlator.close(), witness.close()]);
    await world.close();
  });

  const install = (more: Partial<PolicyDocument>) =>
    world.install({ ...world.policy, ...more, version: world.policy.version + 1 });
  const move = (status: HubEntry['status']) => {
    const hubs = world.policy.hubs.map((hub) => (hub.id === hubId(0) ? { ...hub, status } : hub));
    // far from the next turn of the positive side: what changes there, changes because of the hub
    install({ hubs, positive: { ...world.policy.positive, everyEpochs: 100 } });
  };
  const submitted = (side: Side) =>
    world.keyholder.submissions.filter(({ header: { header } }) => header.side === side).map(({ header }) => header);
  /** Leaves of a cohort as they were last attested: counts, sums and the digest of each ciphertext. */
  const leaves = (cohort: number, side: Side = 'negative') =>
    submitted(side)
      .at(-1)!
      .tallies.filter((leaf) => leaf.cohort === cohort);

  const counted = async (epoch: number) =>
    Object.fromEntries(
      (await correlator.report.hubsOf(epoch)).hubs.map(({ hub, accepted, counted: own }) => [hub, [accepted, own]]),
    );

  it('counts for nobody from the next tally on, and as before once it is released', async () => {
    const [first, second] = [await world.mint(0, 5), await world.mint(0, 9)];
    for (const hub of [0, 1]) await world.signal(hub, first.uri, abuseReport, verified);
    await world.signal(0, second.uri, abuseReport, verified);
    await world.signal(2, second.uri, kick, { by: 'hub' });
    for (const hub of [0, 1]) await world.signal(hub, first.uri, commend, since);
    await runEpoch(correlator, witness);
    const before = { negative: leaves(0), positive: leaves(0, 'positive') };
    expect(before.negative.map(({ hub }) => hub)).toEqual([hubId(0), hubId(1), hubId(2)]);

    move('quarantined');
    const [third, fourth] = [await world.mint(1, 3), await world.mint(1, 4)];
    const meanwhile = await world.signal(0, third.uri, abuseReport, verified);
    await world.signal(1, fourth.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    expect(leaves(0)).toEqual(before.negative.slice(1));
    expect(leaves(0, 'positive')).toEqual(before.positive.slice(1));
    expect(world.totals()).toEqual({
      [`0 ${hubId(1)}`]: { 5: 160 },
      [`0 ${hubId(2)}`]: { 9: 32 },
      [`1 ${hubId(1)}`]: { 4: 32 },
    });
    // the pseudonym that only the hub in quarantine signalled makes no epoch decidable
    expect(submitted('negative').at(-1)!.header.newPseudonyms).toBe(1);
    expect(await world.stateOf(meanwhile)).toBe('counted');
    // what it sent before was in a tally, what it sent meanwhile in none
    expect(await counted(1)).toEqual({ [hubId(0)]: [3, 3], [hubId(1)]: [2, 2], [hubId(2)]: [1, 1] });
    expect(await counted(2)).toEqual({ [hubId(0)]: [1, 0], [hubId(1)]: [1, 1] });

    move('active');
    await runEpoch(correlator, witness);
    expect(leaves(0)).toEqual(before.negative);
    expect(leaves(0, 'positive')).toEqual(before.positive);
    expect(world.totals()).toMatchObject({ [`1 ${hubId(0)}`]: { 3: 160 }, [`1 ${hubId(1)}`]: { 4: 32 } });
    expect(await counted(2)).toEqual({ [hubId(0)]: [1, 1], [hubId(1)]: [1, 1] });
    expect(witness.log.filter(({ name }) => name !== 'side-attested' && name !== 'epoch-inspected')).toEqual([]);
  });

  it('is a reason to tally the positive side out of turn, once', async () => {
    const { uri } = await world.mint(0, 5);
    for (const hub of [0, 1]) await world.signal(hub, uri, commend, since);
    await runEpoch(correlator, witness);
    move('quarantined');
    for (let epoch = 0; epoch < 3; epoch++) await runEpoch(correlator, witness);
    expect(submitted('positive').map(({ header }) => header.epoch)).toEqual([1, 2]);
    expect(world.totals('positive')).toEqual({ [`0 ${hubId(1)}`]: { 5: 16 } });
  });
});
