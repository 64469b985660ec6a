/**
 * The tally of a large world by the correlator process itself, from stored signals to a signed tree: closing the epoch once, then
 * the tally as often as asked, each time by a correlator that has just started, so that no selector was verified before. The witness
 * inspects in between and is stopped meanwhile: on two cores it would fold at the same time.
 */
import { closeEpochResponse } from '#contracts';
import { locks } from '#tallies';
import type { AppName } from '../../stack/app-specs.js';
import type { BenchContext } from '../bench-context.js';
import type { BenchStack } from '../bench-stack.js';
import { cpuBetween, cpuSeconds, perItem } from '../cpu/cpu-meter.js';
import type { CpuSeconds } from '../cpu/cpu-meter.js';
import { peakRssBytes } from '../cpu/proc-stat.js';
import { until } from '../until.js';

export interface TallyRuns {
  readonly epoch: number;
  /** Manifest and Merkle root. */
  readonly closeSeconds: number;
  /** The witness verifies every SET. */
  readonly inspectSeconds: number;
  /** Closing and tally together, for each run. */
  readonly seconds: readonly number[];
  readonly peakRssMb: readonly number[];
}

const patienceSeconds = 400;
const CLOSE_MS = 400_000;

export async function tallyRuns(context: BenchContext, bench: BenchStack, pairs: number): Promise<TallyRuns> {
  const { scale, say } = context;
  await running(bench, 'correlator', 'witness');
  const { epoch, seconds: closeSeconds } = await close(bench);
  const closed = performance.now();
  await bench.stack.processes.correlator.stop();
  await until('the inspection', wait(bench), () => exists(bench, 'tallies.objections', epoch));
  const inspectSeconds = (performance.now() - closed) / 1_000;
  await bench.stack.processes.witness.stop();
  say(`closed in ${closeSeconds.toFixed(1)} s, inspected in ${inspectSeconds.toFixed(1)} s`);
  const [seconds, peakRssMb]: [number[], number[]] = [[], []];
  for (let run = 0; run < scale.runs; run++) {
    await forgetTree(bench, epoch);
    const tally = await oneTally(bench, epoch);
    await requirePairs(bench, epoch, pairs);
    seconds.push(closeSeconds + tally.seconds);
    peakRssMb.push(tally.peakRssMb);
    say(
      `${pairs.toLocaleString('en')} pairs tallied in ${tally.seconds.toFixed(1)} s, ${tally.peakRssMb.toFixed(0)} MB; ms of CPU each: ${perItem(tally.used, pairs)}`,
    );
  }
  return { epoch, closeSeconds, inspectSeconds, seconds, peakRssMb };
}

/** The witness recomputes the tree from the raw SETs and signs it. @returns seconds, its start not counted */
export async function attestSeconds(bench: BenchStack, epoch: number): Promise<number> {
  await running(bench, 'witness');
  const begun = performance.now();
  await until('the attestation', wait(bench), () => exists(bench, 'tallies.attestations', epoch));
  const seconds = (performance.now() - begun) / 1_000;
  await bench.stack.processes.witness.stop();
  return seconds;
}

/** Starts what does not run. */
export async function running({ stack }: BenchStack, ...names: readonly AppName[]): Promise<void> {
  await Promise.all(names.filter((name) => !stack.processes[name].isRunning).map((name) => stack.restart(name)));
}

async function close({ stack, signal }: BenchStack): Promise<{ epoch: number; seconds: number }> {
  const begun = performance.now();
  const response = await stack.client('ctl', 'correlator').request('v1/epochs', { method: 'POST', timeoutMs: CLOSE_MS, signal });
  if (!response.ok) throw new Error(`closing the epoch was answered ${response.status}`);
  const { epoch } = closeEpochResponse.parse(await response.json());
  return { epoch, seconds: (performance.now() - begun) / 1_000 };
}

/** From taking the pipeline's lock to the committed tree. */
async function oneTally(bench: BenchStack, epoch: number): Promise<{ seconds: number; peakRssMb: number; used: CpuSeconds }> {
  const { correlator } = bench.stack.processes;
  await running(bench, 'correlator');
  const before = cpuSeconds(bench.stack);
  let begun: number | undefined;
  await until('the tree', { ...wait(bench), everyMs: 20 }, async () => {
    if (await exists(bench, 'tallies.trees', epoch)) return true;
    if (!(await isWorking(bench))) begun = undefined;
    else begun ??= performance.now();
    return false;
  });
  const seconds = (performance.now() - (begun ?? Number.NaN)) / 1_000;
  const used = cpuBetween(before, cpuSeconds(bench.stack));
  const peakRssMb = peakRssBytes(correlator.pid ?? 0) / 1e6;
  await correlator.stop();
  return { seconds, peakRssMb, used };
}

async function isWorking(bench: BenchStack): Promise<boolean> {
  const { rowCount } = await bench
    .pool('nyms')
    .query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted", [locks.pipeline]);
  return (rowCount ?? 0) > 0;
}

async function forgetTree(bench: BenchStack, epoch: number): Promise<void> {
  await bench.pool('nyms').query('DELETE FROM tallies.leaves WHERE epoch = $1', [epoch]);
  await bench.pool('nyms').query('DELETE FROM tallies.trees WHERE epoch = $1', [epoch]);
}

/** A tally of something else would be fast, too. */
async function requirePairs(bench: BenchStack, epoch: number, pairs: number): Promise<void> {
  const { rows } = await bench
    .pool('nyms')
    .query<{ pairs: number }>(
      "SELECT coalesce(sum((leaf ->> 'pseudonyms')::int), 0)::int AS pairs FROM tallies.leaves WHERE epoch = $1 AND side = 'negative'",
      [epoch],
    );
  if (rows[0]?.pairs !== pairs) throw new Error(`the tree holds ${rows[0]?.pairs} pairs instead of ${pairs}`);
}

/** @param table with `epoch`, and with `side` if it is about trees */
async function exists(bench: BenchStack, table: string, epoch: number): Promise<boolean> {
  const side = table === 'tallies.objections' ? '' : " AND side = 'negative'";
  const { rowCount } = await bench.pool('nyms').query(`SELECT 1 FROM ${table} WHERE epoch = $1${side}`, [epoch]);
  return (rowCount ?? 0) > 0;
}

const wait = ({ signal }: BenchStack) => ({ signal, seconds: patienceSeconds });
