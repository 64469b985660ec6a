/** The same pipeline with real ciphertexts, on a small world. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventTypes } from '#contracts';
import { openScheme, SchemeClosed } from '#he';
import { openCorrelator, openWitness, runEpoch, type Correlator, type Witness } from './tallies-processes.js';
import { hubId, TalliesWorld } from './tallies-world.js';

const { abuseReport, kick } = eventTypes;
const seconds = 60_000;

describe('tallies of real ciphertexts', () => {
  let world: TalliesWorld;
  let correlator: Correlator;
  let witness: Witness;
  beforeAll(async () => {
    world = await TalliesWorld.open('n2048-q50-t20');
    correlator = openCorrelator(world);
    witness = openWitness(world);
  }, seconds);
  afterAll(async () => {
    await Promise.all([correlator.close(), witness.close()]);
    await world.close();
  });

  it(
    'open to the totals that the signals say, and fold to the same bytes again',
    async () => {
      const expected: Record<string, Record<number, number>> = {};
      for (let i = 0; i < 24; i++) {
        const [cohort, slot] = [i % 2, i % 7];
        const { uri } = await world.mint(cohort, slot);
        for (const hub of [i % 3, (i + 1) % 3]) {
          await world.signal(
            hub,
            uri,
            i % 4 === 0 ? kick : abuseReport,
            i % 4 === 0 ? { by: 'hub' } : { reason: 'spam', hubVerified: true },
          );
          const slots = (expected[`${cohort} ${hubId(hub)}`] ??= {});
          slots[slot] = (slots[slot] ?? 0) + (i % 4 === 0 ? 2 : 10) * 16;
        }
      }
      await runEpoch(correlator, witness);
      expect(world.totals()).toEqual(expected);
      const [negative] = world.keyholder.submissions;
      expect(negative?.header.header.build).toMatch(/^node-seal\/7\./);
      // the witness has attested, so it came to the same bytes; a third process does too
      expect(witness.log.filter(({ name }) => name === 'side-attested')).toHaveLength(2);
    },
    seconds,
  );

  it(
    'leave out a selector that is signed and no ciphertext of the set, and keep the rest of its batch',
    async () => {
      const [good, bad] = [await world.mint(5, 1), await world.mint(5, 2)];
      const { encryptSelector } = world.secret;
      world.secret.encryptSelector = async (slot) => (await encryptSelector.call(world.secret, slot)).fill(0xff, 200, 300);
      await world.nyms.query('DELETE FROM pseudonyms.selectors WHERE uri = $1', [bad.uri]);
      await world.addSelector(bad, 691);
      world.secret.encryptSelector = encryptSelector;
      for (const { uri } of [good, bad]) await world.signal(0, uri, kick, { by: 'hub' });
      await runEpoch(correlator, witness);
      expect(world.totals()?.[`5 ${hubId(0)}`]).toEqual({ 1: 32 });
      expect(correlator.log).toContainEqual({ name: 'left-out', fields: { epoch: 2, missingSets: 0, refusedSelectors: 1 } });
    },
    seconds,
  );

  it(
    'leave nothing behind when the process is told to end in the middle of a fold',
    async () => {
      await correlator.closing.close();
      await witness.inspecting.inspectNext();
      const ending = openCorrelator(world);
      const scheme = await openScheme('n2048-q50-t20', { threads: 1 });
      const tools = { ...Reflect.get(ending.maker, 'tools'), scheme } as object;
      Object.assign(ending.maker, { tools });
      const { openFold } = scheme;
      scheme.openFold = async () => {
        const fold = await openFold.call(scheme);
        void scheme.close();
        return fold;
      };
      await expect(ending.pipeline.advance()).rejects.toThrow(SchemeClosed);
      await ending.close();
      expect(await correlator.trees.find({ epoch: 3, side: 'negative', policy: 'live' })).toBeUndefined();
      await correlator.pipeline.advance();
      await witness.attesting.attestNext();
      await correlator.pipeline.advance();
      expect((await correlator.report.stateOf(3)).state).toBe('decided');
    },
    seconds,
  );
});
