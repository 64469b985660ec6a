/**
 * What encryption costs: CPU time of all processes of the service, PostgreSQL included, for the same small worlds on two services that
 * differ in the parameter set alone. In the plain one a selector names its slot in the open, which with the key holder's positions is a
 * plaintext table from pseudonym to account, and sums are plain integers. Both run side by side, world by world in turn.
 */
import type { BenchContext, Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import { cpuBetween, cpuSeconds, perItem, totalOf } from '../cpu/cpu-meter.js';
import { LoadProcess } from '../load/load-process.js';
import { forgetWorld, playWorld, prepareWorld, worldPolicy } from './small-world.js';

const plainSet = 'plain-n2048';

export const pipeline: Group = {
  name: 'pipeline',
  figures: ['pipeline_ratio_to_plain'],
  run: (context) =>
    withBenchStack(context, { policy: worldPolicy }, (encrypted) =>
      withBenchStack(context, { policy: worldPolicy, parameterSet: plainSet }, (plain) => compare(context, encrypted, plain)),
    ),
};

async function compare(context: BenchContext, encrypted: BenchStack, plain: BenchStack): Promise<void> {
  const { measurements, scale } = context;
  const load = LoadProcess.start();
  const [ms, plainMs]: [number[], number[]] = [[], []];
  try {
    for (const [label, bench] of [
      ['plain', plain],
      ['encrypted', encrypted],
    ] as const)
      await worldMs(context, bench, load, `${label} warm-up`, Math.ceil(scale.pipelinePseudonyms / 4));
    for (let run = 1; run <= scale.runs; run++) {
      plainMs.push(await worldMs(context, plain, load, `plain ${run}`));
      ms.push(await worldMs(context, encrypted, load, `encrypted ${run}`));
    }
  } finally {
    load.stop();
  }
  measurements.record(
    'pipeline_ratio_to_plain',
    ms.map((one, run) => one / (plainMs[run] as number)),
  );
  const what = 'CPU of all processes per pseudonym: 1 mint, 5 signals, tally, witness, decision, match';
  measurements.note('pipeline_cpu_ms', 'ms', ms, what);
  measurements.note('pipeline_plain_cpu_ms', 'ms', plainMs, `${what}, plain twin`);
}

/** @returns CPU milliseconds per pseudonym. */
async function worldMs(
  { scale, say }: BenchContext,
  bench: BenchStack,
  load: LoadProcess,
  label: string,
  count = scale.pipelinePseudonyms,
): Promise<number> {
  const world = await prepareWorld(bench, count, label.replace(' ', '-'));
  const before = cpuSeconds(bench.stack);
  await playWorld(bench, world, load);
  const used = cpuBetween(before, cpuSeconds(bench.stack));
  await forgetWorld(bench);
  say(`${label}, ms of CPU per pseudonym: ${perItem(used, count)}`);
  return (totalOf(used) / count) * 1_000;
}
