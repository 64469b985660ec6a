/** How fast the pseudonym side takes what comes from outside: redemptions and SETs over HTTP, each answered after its commit. */
import { eventTypes, setMediaType } from '#contracts';
import type { BenchContext, Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import { cpuBetween, cpuSeconds, perItem } from '../cpu/cpu-meter.js';
import { LoadProcess } from '../load/load-process.js';
import { prepareRedemptions } from './redemptions.js';
import type { Redemption } from './redemptions.js';
import { SetSigner } from './signed-sets.js';

/** Redemptions under way at once: twice what the pools of key holder and nyms take, so that one fills while the other is written. */
const mintConnections = 128;
/** Of the issue. */
const intakeConnections = 16;
const warmUp = 0.1;

export const front: Group = {
  name: 'front',
  figures: ['mint_per_s', 'intake_sets_per_s'],
  async run(context) {
    const { measurements } = context;
    await withBenchStack(context, {}, async (bench) => {
      const { rates, uris } = await mintRates(context, bench, 'front');
      measurements.record('mint_per_s', rates);
      measurements.record('intake_sets_per_s', await intakeRates(context, bench, uris));
    });
  },
};

/** @returns a rate for each run, and the pseudonyms that were made. */
export async function mintRates(
  { scale, say }: BenchContext,
  { stack, signal }: BenchStack,
  label: string,
): Promise<{ rates: number[]; uris: string[] }> {
  const first = Math.ceil(scale.mints * warmUp);
  const count = first + scale.runs * scale.mints;
  say(`preparing ${count} redemptions`);
  const redemptions = (await prepareRedemptions(stack, { count, label }, signal)).flat();
  const load = LoadProcess.start();
  const send = (some: readonly Redemption[]) =>
    load.send(
      {
        url: `${stack.urls.nyms}/v1/pseudonyms`,
        contentType: 'application/json',
        bodies: some.map(({ body }) => body),
        connections: mintConnections,
      },
      201,
    );
  try {
    await send(redemptions.slice(0, first));
    const rates: number[] = [];
    for (let at = first; at < count; at += scale.mints) {
      signal.throwIfAborted();
      const before = cpuSeconds(stack);
      rates.push(scale.mints / (await send(redemptions.slice(at, at + scale.mints))));
      const used = perItem(cpuBetween(before, cpuSeconds(stack)), scale.mints);
      say(`minted ${rates.at(-1)?.toFixed(0)} a second; ms of CPU each: ${used}`);
    }
    return { rates, uris: redemptions.map(({ uri }) => uri) };
  } finally {
    load.stop();
  }
}

/** SETs of all hubs about these pseudonyms, in turn. */
export async function intakeRates(
  { scale, say }: BenchContext,
  { stack, signal }: BenchStack,
  uris: readonly string[],
): Promise<number[]> {
  const signers = stack.keys.hubs.map((hub) => new SetSigner(hub, stack.policy().audience));
  const tokens = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => {
      const signer = signers[i % signers.length] as SetSigner;
      return signer.sign(uris[i % uris.length] as string, eventTypes.rate, rate, new Date()).token;
    });
  const load = LoadProcess.start();
  const url = `${stack.urls.nyms}/v1/signals`;
  const send = (bodies: string[]) => load.send({ url, contentType: setMediaType, bodies, connections: intakeConnections }, 202);
  try {
    await send(tokens(Math.ceil(scale.sets * warmUp)));
    const rates: number[] = [];
    for (let run = 0; run < scale.runs; run++) {
      signal.throwIfAborted();
      const bodies = tokens(scale.sets);
      const before = cpuSeconds(stack);
      rates.push(scale.sets / (await send(bodies)));
      const used = perItem(cpuBetween(before, cpuSeconds(stack)), scale.sets);
      say(`took ${rates.at(-1)?.toFixed(0)} SETs a second; ms of CPU each: ${used}`);
    }
    return rates;
  } finally {
    load.stop();
  }
}

const rate = { metric: 'messages', observed: 90, limit: 60, windowSeconds: 60 };
