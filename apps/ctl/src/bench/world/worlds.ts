/**
 * Two large worlds, one grown out of the other: tally, decision, match, fold and sizes at both, so that growth shows. The named
 * figures are those of the larger world. What answers a named figure comes first; when time runs out, growth is what is left out.
 */
import { statfs } from 'node:fs/promises';
import { dayOf } from '#contracts';
import type { BenchContext, Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import { fillKeyholder, fillNyms } from '../bulk/bulk-fill.js';
import { planWorld } from '../bulk/world-plan.js';
import { figureSpecs } from '../figures.js';
import type { FigureName } from '../figures.js';
import { intakeRates, mintRates } from '../front/front-rates.js';
import { namedWorld } from '../scale.js';
import { decideRuns } from './decide-runs.js';
import { foldRuns } from './fold-runs.js';
import { matchRuns } from './match-runs.js';
import { rowBytes, selectorBytes } from './row-bytes.js';
import { attestSeconds, running, tallyRuns } from './tally-runs.js';

const perAccount = namedWorld.pseudonymsPerAccount;
/** Rows, indexes and the write-ahead log that is kept at a time. */
const diskBytesPerPseudonym = 40_000;

export const worlds: Group = {
  name: 'worlds',
  figures: [
    'tally_200k_pairs_s',
    'correlator_peak_rss_mb',
    'decide_us_per_ciphertext',
    'match_us_per_selector',
    'fold_us_per_pair',
    'seal_load_seeded_us',
    'pg_read_row_us',
    'selector_bytes',
    'pseudonym_row_bytes',
  ],
  async run(context) {
    const { worlds: sizes } = context.scale;
    await withBenchStack(context, { apps: [] }, async (bench) => {
      await requireSpace(bench, sizes[1] * perAccount * diskBytesPerPseudonym);
      let filled = 0;
      for (const accounts of sizes) {
        await grow(context, bench, accounts - filled);
        filled = accounts;
        await measure(context, bench, accounts);
      }
    });
  },
};

async function requireSpace({ stack }: BenchStack, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(stack.dataDir);
  if (bavail * bsize < bytes) throw new Error(`${(bytes / 1e9).toFixed(0)} GB of free space are needed in the temporary folder`);
}

/** Adds accounts with their pseudonyms and one stored signal each; the service is stopped meanwhile. */
async function grow({ say }: BenchContext, bench: BenchStack, accounts: number): Promise<void> {
  const { stack, pool } = bench;
  await running(bench, 'witness', 'keyholder'); // a database with rows that its key holder has not begun looks like one put back
  await Promise.all(Object.values(stack.processes).map((app) => app.stop()));
  const begun = performance.now();
  say(`filling ${accounts * perAccount} pseudonyms of ${accounts} accounts`);
  const { rows } = await pool('keyholder').query<{ next: number }>(
    'SELECT coalesce(max(cohort) + 1, 0)::int AS next FROM keyholder.cohorts',
  );
  const plan = planWorld({
    accounts,
    perAccount,
    firstCohort: rows[0]?.next ?? 0,
    domain: stack.policy().domain,
    today: dayOf(new Date()),
    seed: accounts,
  });
  await fillKeyholder(pool('keyholder'), plan);
  await fillNyms(bench, plan);
  say(`filled in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  await running(bench, 'keyholder');
}

async function measure(given: BenchContext, bench: BenchStack, accounts: number): Promise<void> {
  const { measurements, scale } = given;
  const isLarger = accounts === scale.worlds[1];
  // the smaller world is there to show growth: once is enough
  const context: BenchContext = isLarger ? given : { ...given, scale: { ...scale, runs: 1 } };
  const pairs = accounts * perAccount;
  const figure = (name: FigureName, samples: readonly number[]) => {
    if (isLarger) measurements.record(name, samples);
    measurements.grow(name, figureSpecs[name].unit, accounts, samples);
  };
  const grown = (name: string, unit: string, samples: readonly number[]) => measurements.grow(name, unit, accounts, samples);

  const tally = await tallyRuns(context, bench, pairs);
  if (accounts === namedWorld.accounts) {
    measurements.record('tally_200k_pairs_s', tally.seconds);
    measurements.record('correlator_peak_rss_mb', tally.peakRssMb);
  } else if (isLarger) {
    measurements.omit(['tally_200k_pairs_s', 'correlator_peak_rss_mb'], 'its world is not part of this run');
  }
  grown('tally_s', 's', tally.seconds);
  grown(
    'tally_us_per_pair',
    'µs',
    tally.seconds.map((one) => (one * 1e6) / pairs),
  );
  grown('tally_close_s', 's', [tally.closeSeconds]);
  grown('correlator_peak_rss_mb', 'MB', tally.peakRssMb);
  grown('witness_inspect_s', 's', [tally.inspectSeconds]);
  const fold = await foldRuns(context, bench);
  figure('fold_us_per_pair', fold.foldUs);
  figure('seal_load_seeded_us', fold.loadUs);
  figure('pg_read_row_us', fold.readUs);
  grown('fold_us_per_pair_first_time', 'µs', [fold.firstUs]);
  figure('selector_bytes', [await selectorBytes(bench)]);
  figure('pseudonym_row_bytes', [await rowBytes(bench)]);
  figure('match_us_per_selector', await matchRuns(context, bench));
  grown('witness_attest_s', 's', [await attestSeconds(bench, tally.epoch)]);
  await running(bench, 'witness'); // cosigns what the key holder is about to do
  const decided = await decideRuns(context, bench, tally.epoch);
  figure('decide_us_per_ciphertext', decided.opening);
  grown('whole_decision_us_per_ciphertext', 'µs', decided.whole);
  await measureFront(context, bench, accounts);
}

/** Mint and intake beside what is stored already. Their signals are taken out again: the next world counts its own. */
async function measureFront(context: BenchContext, bench: BenchStack, accounts: number): Promise<void> {
  const { measurements } = context;
  await running(bench, 'registrar', 'nyms', 'correlator', 'witness');
  const { rates, uris } = await mintRates(context, bench, `growth-${accounts}`);
  measurements.grow('mint_per_s', '1/s', accounts, rates);
  measurements.grow('intake_sets_per_s', '1/s', accounts, await intakeRates(context, bench, uris));
  await bench.pool('nyms').query('DELETE FROM signals.sets WHERE uri = ANY($1)', [uris]);
}
