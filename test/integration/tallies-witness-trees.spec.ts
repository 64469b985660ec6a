/** What a witness finds in manifests, selectors and trees: not signed, changed afterwards, or not what the signals say; and who may write what. */
import { describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { eventTypes } from '#contracts';
import { manifestMessage } from '#audit';
import { attestationMessage } from '#tallies';
import { runEpoch } from './tallies-processes.js';
import { faultsOf, tallied, witnessed } from './tallies-witnessed.js';
import { hubId } from './tallies-world.js';

const { kick } = eventTypes;

jest.setTimeout(60_000); // a busy machine

describe('a witness of trees', () => {
  const at = witnessed();

  it('refuses a manifest that the pinned correlator has not signed', async () => {
    const { correlator, witness, world } = at;
    const { epoch, ...manifest } = await correlator.closing.close();
    const signature = world.selectorKey.sign(manifestMessage({ epoch, ...manifest }));
    await correlator.pool.query('UPDATE tallies.manifests SET signature = $1', [signature]);
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faultsOf(at, 'manifest-refused')).toEqual(['signature']);
  });

  it('refuses a manifest whose entries do not give its root', async () => {
    const { correlator, first, witness, world } = at;
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await correlator.closing.close();
    await correlator.pool.query('DELETE FROM tallies.manifest_entries');
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faultsOf(at, 'manifest-refused')).toEqual(['root']);
  });

  it('refuses a manifest that names a SET again', async () => {
    const { correlator, first, witness, world } = at;
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    // a hostile correlator: it forgets that it named the SET, and names it once more
    await correlator.pool.query('DELETE FROM tallies.manifest_entries');
    await correlator.closing.close();
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faultsOf(at, 'manifest-refused')).toEqual(['named-twice']);
  });

  it('does not follow an older policy than before', async () => {
    const { correlator, witness, world } = at;
    await runEpoch(correlator, witness);
    const older = world.policy;
    world.install({ ...world.policy, version: 2, epochSeconds: 3_600 });
    await runEpoch(correlator, witness);
    const { digest } = world.stores[0]!.byNumber(older.version)!;
    await correlator.manifests.close({ policyDigest: digest, closedDay: 20_759 }, (message) => world.correlatorKey.sign(message));
    expect(await witness.inspecting.inspectNext()).toBe(0);
    expect(faultsOf(at, 'manifest-refused')).toEqual(['policy-older']);
  });

  it('does not attest a window whose manifests changed after it inspected them', async () => {
    const { correlator, first, witness, world } = at;
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    await tallied(at);
    const manifest = (await correlator.manifests.find(1))!;
    await correlator.pool.query('DELETE FROM tallies.manifest_entries WHERE epoch = 1');
    const empty = { ...manifest, size: 0, root: new Uint8Array(32) };
    await correlator.pool.query('UPDATE tallies.manifests SET size = 0, root = $1, signature = $2 WHERE epoch = 1', [
      empty.root,
      world.correlatorKey.sign(manifestMessage(empty)),
    ]);
    expect(await witness.attesting.attestNext()).toBe(0);
    expect(faultsOf(at, 'tree-refused')).toEqual(['window', 'window']);
  });

  it('blocks a tree that says something else than the signals, however it is signed', async () => {
    const { correlator, first, witness, world } = at;
    await world.signal(0, first.uri, kick, { by: 'hub' });
    const epoch = await tallied(at);
    const root = new Uint8Array(32).fill(1);
    await correlator.pool.query("UPDATE tallies.trees SET root = $1, signature = $2 WHERE side = 'negative'", [
      root,
      world.correlatorKey.sign(attestationMessage({ epoch, side: 'negative', policy: 'live' }, root)),
    ]);
    await correlator.pool.query(
      `UPDATE tallies.trees SET header = jsonb_set(header, '{newPseudonyms}', '77') WHERE side = 'positive'`,
    );
    expect(await witness.attesting.attestNext()).toBe(1);
    expect(faultsOf(at, 'tree-refused')).toEqual(['tallies']);
    await correlator.deciding.decideNext();
    // the witness has signed the root of its own header leaf, and the key holder computes the root of what it gets
    expect(correlator.log).toContainEqual({ name: 'decision-refused', fields: { epoch, side: 'positive', reason: 'refused' } });
    expect(world.keyholder.submissions).toEqual([]);
  });

  it('leaves out selectors that were moved to another pseudonym or spoiled, as the correlator does', async () => {
    const { correlator, first, second, witness, world } = at;
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
    const { correlator, first, witness, world } = at;
    await world.signal(0, first.uri, kick, { by: 'hub' });
    await tallied(at);
    await world.addSelector({ ...first, cohort: 2, slot: 30 }, 692);
    expect(await witness.attesting.attestNext()).toBe(2);
    await correlator.pipeline.advance();
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 32 } });
    world.clock.advanceDays(1); // the first day of period 692
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`2 ${hubId(0)}`]: { 30: 24 } });
  });

  it('waits for a new tally when a pseudonym was minted between correlator and witness', async () => {
    const { correlator, witness, world } = at;
    const late = await world.mint(0, 21, { store: false });
    await world.signal(0, late.uri, kick, { by: 'hub' });
    const epoch = await tallied(at);
    await world.storePseudonym(late);
    expect(await witness.attesting.attestNext()).toBe(1); // the positive side, which is empty
    expect(faultsOf(at, 'tree-refused')).toEqual(['selectors']);
    await correlator.pipeline.advance();
    expect(await witness.attesting.attestNext()).toBe(1);
    await correlator.pipeline.advance();
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 21: 32 } });
    expect((await correlator.report.stateOf(epoch)).state).toBe('decided');
  });

  it('never signs two roots for one epoch and side', async () => {
    const { witness } = at;
    await tallied(at);
    await witness.attesting.attestNext();
    const { root } = (await witness.trees.attestations({ epoch: 1, side: 'negative', policy: 'live' }))[0]!;
    const again = await witness.trees.attest(
      { epoch: 1, side: 'negative', policy: 'live' },
      {
        witness: 'witness-1',
        root: new Uint8Array(32),
        signature: new Uint8Array(64),
      },
    );
    expect(again.root).toEqual(root);
    for (const statement of ['UPDATE tallies.attestations SET epoch = 2', 'DELETE FROM tallies.attestations']) {
      await expect(witness.pool.query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  it('is out of the correlator’s reach: neither can write what the other signs or sees', async () => {
    const { correlator, witness } = at;
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
