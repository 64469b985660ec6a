/** What a witness finds: forged and vanished SETs, forged decisions, moved selectors, manifests and trees that are not what they should be. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { eventTypes } from '#contracts';
import { manifestMessage } from '#audit';
import { attestationMessage } from '#tallies';
import { openCorrelator, openWitness, runEpoch, type Correlator, type Witness } from './tallies-processes.js';
import { hubId, TalliesWorld, type Pseudonym } from './tallies-world.js';

const { abuseReport, kick } = eventTypes;
const verified = { reason: 'spam', hubVerified: true };
const other = { reason: 'other', hubVerified: false };

jest.setTimeout(60_000); // a busy machine

describe('a witness', () => {
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
    second = await world.mint(0, 9);
  });
  afterEach(async () => {
    await Promise.all([correlator.close(), witness.close()]);
    await world.close();
  });

  const faults = (name: string) => witness.log.filter((event) => event.name === name).map(({ fields }) => fields['fault']);
  const tallied = async () => {
    const { epoch } = await correlator.closing.close();
    await witness.inspecting.inspectNext();
    await correlator.pipeline.advance();
    return epoch;
  };

  it('objects to a SET that its hub has not signed, which then counts for nobody and stops nothing', async () => {
    await world.signal(0, first.uri, abuseReport, verified, { signer: 1 });
    await world.signal(1, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(1)}`]: { 5: 32 } });
    expect(witness.log).toContainEqual({ name: 'hub-objected', fields: { epoch: 1, hub: hubId(0), objections: 1 } });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(1)}`]: { 5: 24 } });
  });

  it('objects to a row whose token is another one', async () => {
    const jti = await world.signal(0, first.uri, abuseReport, verified);
    await world.nyms.query(`UPDATE signals.sets SET token = (SELECT token FROM signals.sets LIMIT 1) || 'x' WHERE jti = $1`, [
      jti,
    ]);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
    expect(witness.log.map(({ name }) => name)).toContain('hub-objected');
  });

  it('objects to a decision that no moderator has signed', async () => {
    const held = await world.signal(0, first.uri, abuseReport, other);
    await runEpoch(correlator, witness);
    await world.decide('release-signal', 0, held, world.selectorKey);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
    expect(witness.log).toContainEqual({ name: 'hub-objected', fields: { epoch: 2, hub: hubId(0), objections: 1 } });
  });

  it('objects to a decision on a SET that is another one than when it arrived, however late', async () => {
    const held = await world.signal(0, first.uri, abuseReport, other);
    for (let i = 0; i <= world.policy.windowEpochs; i++) await runEpoch(correlator, witness);
    // a hostile nyms puts another signed token of the hub under the same jti, and lets the moderator release the first
    const { rows } = await world.nyms.query<{ id: Buffer }>('DELETE FROM signals.sets WHERE jti = $1 RETURNING id', [held]);
    expect(rows).toHaveLength(1);
    await world.signal(0, second.uri, abuseReport, verified, { jti: held });
    await world.nyms.query("UPDATE signals.sets SET state = 'held' WHERE jti = $1", [held]);
    await world.decide('release-signal', 0, held);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
    expect(witness.log.filter(({ name }) => name === 'hub-objected')).toHaveLength(1);
  });

  it('counts a signal that is released late from then on', async () => {
    const held = await world.signal(0, first.uri, abuseReport, other);
    for (let i = 0; i <= world.policy.windowEpochs; i++) await runEpoch(correlator, witness);
    await world.decide('release-signal', 0, held);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 48 } });
  });

  it('tells that a verified SET has vanished, and goes on without it', async () => {
    const jti = await world.signal(0, first.uri, abuseReport, verified);
    await world.signal(1, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    await world.nyms.query('DELETE FROM signals.sets WHERE jti = $1', [jti]);
    await runEpoch(correlator, witness);
    expect(witness.log).toContainEqual({ name: 'sets-vanished', fields: { epoch: 2, count: 1 } });
    expect(world.totals()).toEqual({ [`0 ${hubId(1)}`]: { 5: 24 } });
  });

  it('does not attest while a stored SET is left out of the manifests, and does once it is in', async () => {
    await runEpoch(correlator, witness);
    const late = await world.signal(0, first.uri, kick, { by: 'hub' });
    await witness.memory.noteStored();
    const move = (day: number) => world.nyms.query('UPDATE signals.sets SET received_day = $2 WHERE jti = $1', [late, day]);
    await move(0); // closing does not look so far back
    await runEpoch(correlator, witness); // it may just have been missed
    const decided = world.submissions.length;
    await runEpoch(correlator, witness);
    expect([world.submissions.length, faults('tree-refused')]).toEqual([decided, ['incomplete', 'incomplete']]);
    await move(20_759);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 32 } });
  });

  it('refuses a manifest that the pinned correlator has not signed', async () => {
    const { epoch, ...manifest } = await correlator.closing.close();
    const signature = world.selectorKey.sign(manifestMessage({ epoch, ...manifest }));
    await correlator.pool.query('UPDATE tallies.manifests SET signature = $1', [signature]);
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faults('manifest-refused')).toEqual(['signature']);
  });

  it('refuses a manifest whose entries do not give its root', async () => {
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await correlator.closing.close();
    await correlator.pool.query('DELETE FROM tallies.manifest_entries');
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faults('manifest-refused')).toEqual(['root']);
  });

  it('refuses a manifest that names a SET again', async () => {
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    // a hostile correlator: it forgets that it named the SET, and names it once more
    await correlator.pool.query('DELETE FROM tallies.manifest_entries');
    await correlator.closing.close();
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faults('manifest-refused')).toEqual(['named-twice']);
  });

  it('does not follow an older policy than before', async () => {
    await runEpoch(correlator, witness);
    const older = world.policy;
    world.install({ ...world.policy, version: 2, epochSeconds: 3_600 });
    await runEpoch(correlator, witness);
    const { digest } = world.stores[0]!.byNumber(older.version)!;
    await correlator.manifests.close({ policyDigest: digest, closedDay: 20_759 }, (message) => world.correlatorKey.sign(message));
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faults('manifest-refused')).toEqual(['policy-older']);
  });

  it('does not attest a window whose manifests changed after it inspected them', async () => {
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    await tallied();
    const manifest = (await correlator.manifests.find(1))!;
    await correlator.pool.query('DELETE FROM tallies.manifest_entries WHERE epoch = 1');
    const empty = { ...manifest, size: 0, root: new Uint8Array(32) };
    await correlator.pool.query('UPDATE tallies.manifests SET size = 0, root = $1, signature = $2 WHERE epoch = 1', [
      empty.root,
      world.correlatorKey.sign(manifestMessage(empty)),
    ]);
    expect(await witness.attesting.attestNext()).toBe(0);
    expect(faults('tree-refused')).toEqual(['window', 'window']);
  });

  it('blocks a tree that says something else than the signals, however it is signed', async () => {
    await world.signal(0, first.uri, kick, { by: 'hub' });
    const epoch = await tallied();
    const root = new Uint8Array(32).fill(1);
    await correlator.pool.query("UPDATE tallies.trees SET root = $1, signature = $2 WHERE side = 'negative'", [
      root,
      world.correlatorKey.sign(attestationMessage(epoch, 'negative', root)),
    ]);
    await correlator.pool.query(
      `UPDATE tallies.trees SET header = jsonb_set(header, '{newPseudonyms}', '77') WHERE side = 'positive'`,
    );
    expect(await witness.attesting.attestNext()).toBe(1);
    expect(faults('tree-refused')).toEqual(['tallies']);
    await correlator.deciding.decideNext();
    // the witness has signed the root of its own header leaf, and the key holder computes the root of what it gets
    expect(correlator.log).toContainEqual({ name: 'decision-refused', fields: { epoch, side: 'positive', reason: 'refused' } });
    expect(world.submissions).toEqual([]);
  });

  it('leaves out selectors that were moved to another pseudonym or spoiled, as the correlator does', async () => {
    const third = await world.mint(0, 11);
    for (const { uri } of [first, second, third]) await world.signal(0, uri, kick, { by: 'hub' });
    await world.nyms.query(
      `WITH taken AS (DELETE FROM pseudonyms.selectors WHERE uri = $2 RETURNING *)
       UPDATE pseudonyms.selectors s SET bytes = t.bytes, cohort = t.cohort, signature = t.signature FROM taken t WHERE s.uri = $1`,
      [first.uri, second.uri],
    );
    await world.nyms.query('UPDATE pseudonyms.selectors SET cohort = 1 WHERE uri = $1', [third.uri]);
    const fourth = await world.mint(0, 13);
    await world.signal(0, fourth.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 13: 32 } });
    expect(correlator.log).toContainEqual({ name: 'left-out', fields: { epoch: 1, missingSets: 0, refusedSelectors: 2 } });
  });

  it('attests although a pseudonym was renewed meanwhile, and folds the renewed selector in its period', async () => {
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await tallied();
    await world.addSelector({ ...first, cohort: 2, slot: 30 }, 692);
    expect(await witness.attesting.attestNext()).toBe(2);
    await correlator.pipeline.advance();
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 32 } });
    world.clock.advanceDays(1); // the first day of period 692
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`2 ${hubId(0)}`]: { 30: 24 } });
  });

  it('waits for a new tally when a pseudonym was minted between correlator and witness', async () => {
    const late = await world.mint(0, 21, { store: false });
    await world.signal(0, late.uri, kick, { by: 'hub' });
    const epoch = await tallied();
    await world.storePseudonym(late);
    expect(await witness.attesting.attestNext()).toBe(1); // the positive side, which is empty
    expect(faults('tree-refused')).toEqual(['selectors']);
    await correlator.pipeline.advance();
    expect(await witness.attesting.attestNext()).toBe(1);
    await correlator.pipeline.advance();
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 21: 32 } });
    expect((await correlator.report.stateOf(epoch)).state).toBe('decided');
  });

  it('never signs two roots for one epoch and side', async () => {
    await tallied();
    await witness.attesting.attestNext();
    const { root } = (await witness.trees.attestations(1, 'negative'))[0]!;
    const again = await witness.trees.attest(1, 'negative', {
      witness: 'witness-1',
      root: new Uint8Array(32),
      signature: new Uint8Array(64),
    });
    expect(again.root).toEqual(root);
    for (const statement of ['UPDATE tallies.attestations SET epoch = 2', 'DELETE FROM tallies.attestations']) {
      await expect(witness.pool.query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  it('is out of the correlator’s reach: neither can write what the other signs or sees', async () => {
    const refused = async (pool: pg.Pool, statement: string) =>
      expect(pool.query(statement)).rejects.toThrow(/permission denied/);
    for (const table of ['tallies.attestations', 'tallies.objections', 'witness.seen', 'witness.inspected']) {
      await refused(correlator.pool, `DELETE FROM ${table}`);
    }
    await refused(correlator.pool, "UPDATE signals.sets SET token = ''");
    await refused(correlator.pool, 'SELECT * FROM pseudonyms.clients');
    for (const table of ['tallies.manifests', 'tallies.manifest_entries', 'tallies.trees', 'tallies.leaves', 'signals.sets']) {
      await refused(witness.pool, `DELETE FROM ${table}`);
    }
  });
});
