/** Steps that are broken off, done twice, done by two processes at once, or answered and not heard: the result is the same. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventTypes } from '#contracts';
import { Patience } from '../../apps/correlator/src/epochs/patience.js';
import { openCorrelator, openWitness, runEpoch, type Correlator, type Witness } from './tallies-processes.js';
import { hubId, TalliesWorld, type Pseudonym } from './tallies-world.js';

const { abuseReport, kick, retract } = eventTypes;
const verified = { reason: 'spam', hubVerified: true };

jest.setTimeout(60_000); // a busy machine

describe('the pipeline', () => {
  let world: TalliesWorld;
  let correlator: Correlator;
  let witness: Witness;
  let pseudonyms: Pseudonym[];

  beforeEach(async () => {
    world = await TalliesWorld.open();
    correlator = openCorrelator(world);
    witness = openWitness(world);
    pseudonyms = await Promise.all([0, 1, 2].map((cohort) => world.mint(cohort, 5)));
  });
  afterEach(async () => {
    await Promise.all([correlator.close(), witness.close()]);
    await world.close();
  });

  const uri = (i: number) => pseudonyms[i]!.uri;
  const expected = { [`0 ${hubId(0)}`]: { 5: 32 }, [`1 ${hubId(1)}`]: { 5: 160 }, [`2 ${hubId(2)}`]: { 5: 32 } };
  const signals = async () => {
    await world.signal(0, uri(0), kick, { by: 'hub' });
    await world.signal(1, uri(1), abuseReport, verified);
    await world.signal(2, uri(2), kick, { by: 'hub' });
    const back = await world.signal(2, uri(2), abuseReport, verified);
    await world.signal(2, uri(2), retract, { jti: back });
  };

  it('gives the same when every step is done twice, by fresh processes', async () => {
    await signals();
    const twice = async (step: (c: Correlator, w: Witness) => Promise<unknown>) => {
      for (let i = 0; i < 2; i++) {
        const [c, w] = [openCorrelator(world, new Patience()), openWitness(world)];
        await step(c, w);
        await Promise.all([c.close(), w.close()]);
      }
    };
    await twice((c) => c.weighing.drain());
    await correlator.closing.close();
    await twice((_, w) => w.inspecting.inspectNext());
    await twice((c) => c.pipeline.advance());
    await twice((_, w) => w.attesting.attestNext());
    await twice((c) => c.pipeline.advance());
    expect(world.totals()).toEqual(expected);
    expect(world.keyholder.submissions.map(({ header }) => `${header.header.epoch} ${header.header.side}`).sort()).toEqual([
      '1 negative',
      '1 positive',
    ]);
  });

  it('gives the same when two correlators and two witnesses run at once', async () => {
    await signals();
    const others = [openCorrelator(world), openWitness(world)] as const;
    const epochs = await Promise.all([correlator.closing.close(), others[0].closing.close()]);
    expect(new Set(epochs.map(({ epoch }) => epoch))).toEqual(new Set([1, 2]));
    expect(epochs.map(({ size }) => size).sort()).toEqual([0, 5]);
    await Promise.all([witness.inspecting.inspectNext(), others[1].inspecting.inspectNext()]);
    await Promise.all([correlator.pipeline.advance(), others[0].pipeline.advance()]);
    await Promise.all([witness.attesting.attestNext(), others[1].attesting.attestNext()]);
    await Promise.all([correlator.deciding.decideNext(), others[0].deciding.decideNext()]);
    const aged = epochs[0]!.epoch === 1 && epochs[0]!.size === 5 ? 12 : epochs[1]!.epoch === 1 && epochs[1]!.size === 5 ? 12 : 16;
    expect(world.totals()).toEqual({
      [`0 ${hubId(0)}`]: { 5: 2 * aged },
      [`1 ${hubId(1)}`]: { 5: 10 * aged },
      [`2 ${hubId(2)}`]: { 5: 2 * aged },
    });
    await Promise.all(others.map((one) => one.close()));
  });

  it('leaves nothing of a tally that dies in the middle', async () => {
    await signals();
    await correlator.closing.close();
    await witness.inspecting.inspectNext();
    const dying = openCorrelator(world);
    const dead = dying.trees.write({ epoch: 1, side: 'negative', policy: 'live' }, async (sink) => {
      await sink(
        0,
        {
          cohort: 9,
          keyEpoch: 1,
          hub: 'https://x.example',
          pseudonyms: 1,
          weightSum: 1,
          squareSum: 1,
          ciphertext: 'A'.repeat(43),
        },
        new Uint8Array(9),
      );
      throw new Error('killed');
    });
    await expect(dead).rejects.toThrow('killed');
    await dying.close();
    expect(await correlator.trees.find({ epoch: 1, side: 'negative', policy: 'live' })).toBeUndefined();
    await correlator.pipeline.advance();
    await witness.attesting.attestNext();
    await correlator.pipeline.advance();
    expect(world.totals()).toEqual(expected);
  });

  it('brings the same tree again when the key holder’s answer was lost', async () => {
    await signals();
    await correlator.closing.close();
    await witness.inspecting.inspectNext();
    await correlator.pipeline.advance();
    await witness.attesting.attestNext();
    const { setOutcome } = correlator.trees;
    correlator.trees.setOutcome = () => Promise.reject(new Error('killed'));
    await expect(correlator.pipeline.advance()).rejects.toThrow('killed');
    correlator.trees.setOutcome = setOutcome;
    await openCorrelator(world, new Patience()).pipeline.advance();
    const negative = world.keyholder.submissions.filter(({ header }) => header.header.side === 'negative');
    expect(new Set(negative.map(({ digest }) => digest)).size).toBe(1);
    expect((await correlator.report.stateOf(1)).state).toBe('decided');
    await runEpoch(correlator, witness);
    expect(world.keyholder.submissions.at(-1)?.header.header.since).toBe(1);
  });

  it('goes to the newest epoch when it fell behind, and begins where the last decision ended', async () => {
    await signals();
    await runEpoch(correlator, witness);
    await correlator.closing.close();
    await world.signal(0, uri(1), kick, { by: 'hub' });
    const { epoch } = await correlator.closing.close();
    expect(await witness.inspecting.inspectNext()).toBe(2);
    await correlator.pipeline.advance();
    await witness.attesting.attestNext();
    await correlator.pipeline.advance();
    const { header } = world.keyholder.submissions.findLast(({ header }) => header.header.side === 'negative')!.header;
    // one pseudonym has a new signal, but of the busiest operator alone
    expect(header).toMatchObject({ epoch, since: 1, newPseudonyms: 0 });
    expect((await correlator.report.stateOf(2)).state).toBe('waiting');
    expect((await correlator.report.stateOf(epoch)).state).toBe('decided');
  });

  it('keeps `since` where it was while epochs wait for new pseudonyms', async () => {
    world.keyholder.answer = () => 'waiting';
    await signals();
    await runEpoch(correlator, witness);
    expect((await correlator.report.stateOf(1)).state).toBe('waiting');
    world.keyholder.answer = () => 'decided';
    await runEpoch(correlator, witness);
    const { header } = world.keyholder.submissions.findLast(({ header }) => header.header.side === 'negative')!.header;
    expect(header).toMatchObject({ epoch: 2, since: 0, newPseudonyms: 2 });
  });

  it('tries again later when the key holder is away, refuses or is frozen', async () => {
    await signals();
    for (const answer of ['unreachable', 'refused', 'frozen'] as const) {
      world.keyholder.answer = () => answer;
      await runEpoch(correlator, witness);
      expect(correlator.log).toContainEqual({
        name: 'decision-refused',
        fields: expect.objectContaining({ side: 'negative', reason: answer }),
      });
      expect(world.keyholder.lastDecided.negative).toBe(0);
    }
    world.keyholder.answer = () => 'decided';
    const epoch = await runEpoch(correlator, witness);
    expect(world.keyholder.lastDecided).toEqual({ negative: epoch, positive: epoch });
  });

  it('does not let a refused tree keep the next epoch waiting', async () => {
    const patient = openCorrelator(world, new Patience());
    await signals();
    world.keyholder.answer = () => 'refused';
    await runEpoch(patient, witness);
    world.keyholder.answer = () => 'decided';
    const epoch = await runEpoch(patient, witness);
    expect(world.keyholder.lastDecided).toEqual({ negative: epoch, positive: epoch });
    await patient.close();
  });

  it('forgets ciphertexts outside the window, and manifests only after their SETs', async () => {
    await signals();
    await runEpoch(correlator, witness);
    for (let i = 0; i < 5; i++) await runEpoch(correlator, witness);
    const kept = async () => {
      const { rows } = await correlator.pool.query<{ leaves: number; entries: number }>(
        'SELECT (SELECT count(*)::int FROM tallies.leaves) AS leaves, (SELECT count(*)::int FROM tallies.manifest_entries) AS entries',
      );
      return rows[0];
    };
    expect((await kept())?.leaves).toBe(12); // of four epochs; the window of the later ones is empty
    await correlator.retention.forget();
    expect(await kept()).toEqual({ leaves: 9, entries: 5 });
    await world.nyms.query('DELETE FROM signals.sets');
    await correlator.retention.forget();
    expect(await kept()).toEqual({ leaves: 9, entries: 0 });
    await world.signal(0, uri(0), kick, { by: 'hub' });
    expect(await runEpoch(correlator, witness)).toBe(7);
  });
});
