/**
 * The fold alone, by libs/tallies in this process: one SEAL worker, one cohort at a time, the correlator's database role. Beside it, in
 * turn, the two floors it cannot go below: reading the rows, and SEAL's loading of a seeded selector.
 */
import pg from 'pg';
import { openScheme } from '#he';
import type { EvaluationScheme } from '#he';
import { readSet } from '#signals';
import {
  foldSide,
  ManifestsRepository,
  Objections,
  readPin,
  SelectorsRepository,
  VerifiedSelectors,
  WindowTotals,
} from '#tallies';
import type { FoldTools, SideInput } from '#tallies';
import type { BenchContext } from '../bench-context.js';
import type { BenchStack } from '../bench-stack.js';
import { summarise } from '../measurements.js';

const rowsAtOnce = 128;
/** Selectors that are loaded again and again. */
const loaded = 1_024;
/** A difference of small times strays: the middle one of several. */
const loadRounds = 5;

export interface FoldRuns {
  readonly foldUs: number[];
  readonly readUs: number[];
  readonly loadUs: number[];
  /** The first fold of all, when every signature is checked. */
  readonly firstUs: number;
}

export async function foldRuns({ scale, say }: BenchContext, bench: BenchStack): Promise<FoldRuns> {
  const pin = readPin(bench.stack.specs.correlator.env['CORRELATOR_KEYHOLDER_PIN_FILE'] ?? '');
  const pool = new pg.Pool({ connectionString: bench.stack.databases.urlFor('correlator'), max: 2 });
  const scheme = await openScheme(pin.parameterSet, { threads: 1 });
  const tools: FoldTools = { scheme, selectors: new SelectorsRepository(pool), verified: new VerifiedSelectors(pin) };
  try {
    const { input, ids, pairs } = await sideOf(bench, scale.foldPairs);
    const fold = () => timed(pairs, () => foldAll(tools, input, pairs));
    const firstUs = await fold();
    const runs: FoldRuns = { foldUs: [], readUs: [], loadUs: [], firstUs };
    const sample = await tools.selectors.read(ids.slice(0, loaded));
    for (let run = 0; run < scale.runs; run++) {
      bench.signal.throwIfAborted();
      runs.readUs.push(await timed(ids.length, () => readAll(tools.selectors, ids)));
      runs.loadUs.push(
        await loadUs(
          scheme,
          sample.map(({ bytes }) => bytes),
        ),
      );
      runs.foldUs.push(await fold());
      const last = (values: readonly number[]) => values.at(-1)?.toFixed(0);
      say(
        `${pairs} pairs folded, ${last(runs.foldUs)} µs each; a row is read in ${last(runs.readUs)}, loaded in ${last(runs.loadUs)}`,
      );
    }
    return runs;
  } finally {
    await scheme.close();
    await pool.end();
  }
}

async function timed(items: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return ((performance.now() - begun) * 1_000) / items;
}

async function foldAll(tools: FoldTools, input: SideInput, pairs: number): Promise<void> {
  const folded = await foldSide(tools, input, { cohortsAtOnce: 1 }, () => undefined);
  if (folded.pairs !== pairs) throw new Error(`${folded.pairs} pairs were folded instead of ${pairs}`);
}

/** Whole cohorts with their stored signals, as a side of their own. */
async function sideOf(bench: BenchStack, most: number): Promise<{ input: SideInput; ids: string[]; pairs: number }> {
  const nyms = bench.pool('nyms');
  const manifests = new ManifestsRepository(nyms);
  const manifest = await manifests.find(await manifests.newestEpoch());
  if (!manifest) throw new Error('no epoch was closed');
  const { rows } = await nyms.query<{ id: string; token: string }>(
    `SELECT encode(s.selector_id, 'hex') AS id, t.token FROM pseudonyms.selectors s JOIN signals.sets t USING (uri) WHERE s.cohort IN (
       SELECT cohort FROM (SELECT cohort, sum(count(*)) OVER (ORDER BY cohort) AS so_far FROM pseudonyms.selectors GROUP BY cohort) AS c
       WHERE so_far <= $1)`,
    [most],
  );
  const policy = bench.stack.policy();
  const objections = new Objections([]);
  const totals = new WindowTotals({ epoch: manifest.epoch, policy, objections, since: { negative: 0, positive: 0 } });
  await totals.addEpoch({ epoch: manifest.epoch, policy, rulings: [], signals: [rows.map(({ token }) => readSet(token))] });
  const weighing = { kind: 'live', digest: manifest.policyDigest, document: policy } as const;
  return {
    input: { manifest, policy: weighing, objections, totals: totals.negative },
    ids: rows.map(({ id }) => id),
    pairs: rows.length,
  };
}

async function readAll(selectors: SelectorsRepository, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const rows = await selectors.read(ids.slice(at, at + rowsAtOnce));
    if (rows.length !== Math.min(rowsAtOnce, ids.length - at)) throw new Error('rows are missing');
  }
}

/**
 * A selector with no term is only checked, with one it is also loaded and added, with a second one added once more. So load = (one −
 * none) − (two − one), all of it through the library's own door.
 */
async function loadUs(scheme: EvaluationScheme, selectors: readonly Uint8Array[]): Promise<number> {
  const fold = await scheme.openFold();
  try {
    const withTerms = (terms: number) => timed(selectors.length, () => addAll(fold, selectors, terms));
    await withTerms(2); // sums exist from now on
    const loads: number[] = [];
    for (let round = 0; round < loadRounds; round++) {
      const [none, one, two] = [await withTerms(0), await withTerms(1), await withTerms(2)];
      loads.push(one - none - (two - one));
    }
    return summarise(loads).value;
  } finally {
    await fold.abandon();
  }
}

async function addAll(fold: Awaited<ReturnType<EvaluationScheme['openFold']>>, selectors: readonly Uint8Array[], terms: number) {
  const hubs = Array.from({ length: terms }, (_, hub) => ({ hub, weight: 1 }));
  for (let at = 0; at < selectors.length; at += rowsAtOnce) {
    const some = selectors.slice(at, at + rowsAtOnce);
    await fold.add({ selectors: Buffer.concat(some), terms: some.map(() => hubs) });
  }
}
