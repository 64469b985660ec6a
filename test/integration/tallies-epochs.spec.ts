/** Epochs from closing to deciding on PostgreSQL, with the plain twin: what counts, what does not, and that a repeated step changes nothing. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventTypes } from '#contracts';
import { reportWith } from '../fakes/abuse-reports.js';
import { openCorrelator, openWitness, runEpoch, type Correlator, type Witness } from './tallies-processes.js';
import { hubId, TalliesWorld, type Pseudonym } from './tallies-world.js';

const { abuseReport, ban, commend, kick, retract, unban } = eventTypes;
const verified = { reason: 'spam', hubVerified: true };
const other = { reason: 'other', hubVerified: false };

jest.setTimeout(60_000); // a busy machine

describe('epochs', () => {
  let world: TalliesWorld;
  let correlator: Correlator;
  let witness: Witness;
  let first: Pseudonym;
  let second: Pseudonym;

  beforeEach(async () => {
    world = await TalliesWorld.open();
    correlator = openCorrelator(world);
    witness = openWitness(world);
    first = await world.mint(0, 5);
    second = await world.mint(1, 9);
  });
  afterEach(async () => {
    await Promise.all([correlator.close(), witness.close()]);
    await world.close();
  });

  it('adds weights up per cohort, hub and slot, caps them and lets them decay', async () => {
    await world.signal(0, first.uri, abuseReport, verified);
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await world.signal(1, first.uri, ban, { by: 'hub', permanent: true });
    for (let i = 0; i < 5; i++) await world.signal(2, second.uri, abuseReport, verified);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({
      [`0 ${hubId(0)}`]: { 5: 12 * 16 },
      [`0 ${hubId(1)}`]: { 5: 8 * 16 },
      [`1 ${hubId(2)}`]: { 9: 40 * 16 },
    });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({
      [`0 ${hubId(0)}`]: { 5: Math.floor(10 * 12) + Math.floor(2 * 12) },
      [`0 ${hubId(1)}`]: { 5: 8 * 12 },
      [`1 ${hubId(2)}`]: { 9: 5 * 10 * 12 },
    });
    for (let i = 0; i < 3; i++) await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
  });

  it('closes under the policy that was installed a moment ago, which the key holder already decides by', async () => {
    world.install({ ...world.policy, version: 2, epochSeconds: 3_600 }, 'later');
    const { policyDigest } = await correlator.closing.close();
    expect(policyDigest).toEqual(world.stores[0]!.byNumber(2)?.digest);
  });

  it('adds up the pseudonyms of one slot and keeps the positive side apart', async () => {
    const sibling = await world.mint(0, 5);
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await world.signal(0, sibling.uri, kick, { by: 'hub' });
    await world.signal(0, sibling.uri, commend, { since: '2025-01-01' });
    await runEpoch(correlator, witness);
    expect(world.totals('negative')).toEqual({ [`0 ${hubId(0)}`]: { 5: 2 * 2 * 16 } });
    expect(world.totals('positive')).toEqual({ [`0 ${hubId(0)}`]: { 5: 16 } });
    const [{ header }] = world.keyholder.submissions.filter(({ header }) => header.header.side === 'negative') as [
      (typeof world.keyholder.submissions)[0],
    ];
    expect(header.tallies).toMatchObject([{ pseudonyms: 2, weightSum: 64, squareSum: 2 * 32 ** 2 }]);
  });

  it('takes a signal back from the epoch its retraction arrives in, and an unban takes back a ban only', async () => {
    const reported = await world.signal(0, first.uri, abuseReport, verified);
    const banned = await world.signal(0, first.uri, ban, { by: 'hub', permanent: true });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 18 * 16 } });
    await world.signal(0, first.uri, unban, { jti: reported });
    await world.signal(1, first.uri, retract, { jti: banned });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 18 * 12 } });
    await world.signal(0, first.uri, unban, { jti: banned });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 10 * 8 } });
    expect([await world.stateOf(reported), await world.stateOf(banned)]).toEqual(['counted', 'retracted']);
  });

  it('counts a frank of a hub once, and ignores a report that is malformed or about another', async () => {
    const about = ({ uri }: Pseudonym, ...franks: number[]) => ({ ...verified, abuseReport: reportWith(franks, uri) });
    const oldest = await world.signal(0, first.uri, abuseReport, about(first, 1));
    await world.signal(1, first.uri, abuseReport, about(first, 1));
    const ignored = [
      await world.signal(0, first.uri, abuseReport, { ...verified, abuseReport: 'AQI' }),
      await world.signal(0, first.uri, abuseReport, about(second, 2)),
    ];
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 10 * 16 }, [`0 ${hubId(1)}`]: { 5: 10 * 16 } });
    expect(await Promise.all(ignored.map((jti) => world.stateOf(jti)))).toEqual(['ignored', 'ignored']);
    await world.signal(0, first.uri, abuseReport, about(first, 1));
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 10 * 12 }, [`0 ${hubId(1)}`]: { 5: 10 * 12 } });
    await world.signal(0, first.uri, retract, { jti: oldest });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 10 * 12 }, [`0 ${hubId(1)}`]: { 5: 10 * 8 } });
  });

  it('holds what the policy holds until a moderator releases it', async () => {
    const held = await world.signal(0, first.uri, abuseReport, other);
    const rejected = await world.signal(0, first.uri, abuseReport, other);
    await runEpoch(correlator, witness);
    expect([world.totals(), await world.stateOf(held)]).toEqual([{}, 'held']);
    await world.decide('release-signal', 0, held);
    await world.decide('reject-signal', 0, rejected);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 3 * 16 } });
    expect([await world.stateOf(held), await world.stateOf(rejected)]).toEqual(['counted', 'rejected']);
  });

  it('says of a signal what the policy of its epoch says, not the one it was weighed by', async () => {
    const { hold } = world.policy;
    const unverified = [{ hubVerified: false }];
    const report = () => world.signal(0, first.uri, abuseReport, { reason: 'spam', hubVerified: false });
    const install = (version: number, holding: typeof hold) => world.install({ ...world.policy, version, hold: holding });
    const inFirstEpoch = await report();
    await correlator.weighing.drain();
    install(2, unverified);
    await runEpoch(correlator, witness);
    expect(await world.stateOf(inFirstEpoch)).toBe('held');
    install(3, hold); // comes and goes within an epoch
    const inBetween = await report();
    await correlator.weighing.drain();
    expect(await world.stateOf(inBetween)).toBe('counted');
    install(4, unverified);
    await runEpoch(correlator, witness);
    expect([await world.stateOf(inBetween), world.totals()]).toEqual(['held', {}]);
  });

  it('tells operators how far an epoch is and what became of its SETs', async () => {
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await world.signal(0, first.uri, abuseReport, other);
    await world.signal(0, 'mimi://provider.example/p/nobody', kick, { by: 'hub' });
    const taken = await world.signal(1, first.uri, kick, { by: 'hub' });
    await world.signal(1, first.uri, retract, { jti: taken });
    const { epoch } = await correlator.closing.close();
    const step = async () => (await correlator.report.stateOf(epoch)).state;
    const steps = [await step()];
    await witness.inspecting.inspectNext();
    steps.push(await step());
    await correlator.pipeline.advance();
    steps.push(await step());
    await witness.attesting.attestNext();
    steps.push(await step());
    await correlator.pipeline.advance();
    steps.push(await step());
    expect(steps).toEqual(['closed', 'inspected', 'tallied', 'attested', 'decided']);
    expect(await correlator.report.stateOf(epoch)).toEqual({ epoch, state: 'decided', signals: 5, counted: 1 });
    const none = { accepted: 0, held: 0, ignored: 0, retracted: 0, rejected: 0, counted: 0 };
    expect((await correlator.report.hubsOf(epoch)).hubs).toEqual([
      { ...none, hub: hubId(0), accepted: 1, held: 1, ignored: 1, counted: 1 },
      { ...none, hub: hubId(1), retracted: 1 },
    ]);
  });

  it('gives the same roots and bytes whoever folds, in whatever order rows come', async () => {
    for (let slot = 0; slot < 12; slot++) {
      const { uri } = await world.mint(slot % 3, slot);
      for (const hub of [0, 1, 2]) await world.signal(hub, uri, abuseReport, verified);
    }
    await runEpoch(correlator, witness);
    const [tree] = [await correlator.trees.find({ epoch: 1, side: 'negative', policy: 'live' })];
    const digest = world.keyholder.submissions.at(-1)?.digest;
    await world.nyms.query(
      'UPDATE pseudonyms.selectors SET key_epoch = key_epoch; UPDATE signals.sets SET received_day = received_day',
    );
    const superuser = new (await import('pg')).default.Client({ connectionString: world.database.superUrl });
    await superuser.connect();
    await superuser.query('DELETE FROM tallies.attestations; DELETE FROM tallies.leaves; DELETE FROM tallies.trees');
    await superuser.end();
    world.keyholder.lastDecided.negative = 0;
    world.keyholder.lastDecided.positive = 0;
    const another = openCorrelator(world);
    await another.pipeline.advance();
    await witness.attesting.attestNext();
    await another.pipeline.advance();
    expect((await another.trees.find({ epoch: 1, side: 'negative', policy: 'live' }))?.root).toEqual(tree?.root);
    expect(world.keyholder.submissions.at(-1)?.digest).toBe(digest);
    await another.close();
  });
});
