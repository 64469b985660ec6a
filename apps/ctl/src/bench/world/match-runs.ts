/** A match pass as nyms makes it, over a share of the selectors: batches of 256 read from its database and shown to the key holder, one at a time. */
import { forceState } from '#contracts';
import type { ServiceAnswer } from '#platform';
import type { z } from 'zod';
import { toFrames } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import type { BenchContext } from '../bench-context.js';
import type { BenchStack } from '../bench-stack.js';
import { cpuBetween, cpuSeconds, perItem } from '../cpu/cpu-meter.js';

const batch = 256;
const MATCH_MS = 120_000;

/** @returns microseconds per selector of each run. */
export async function matchRuns({ scale, say }: BenchContext, bench: BenchStack): Promise<number[]> {
  const state = forceState.parse(await (await ask(bench, 'v1/force')).json());
  const ids = await selectorIds(bench, scale.runs * scale.matched);
  const each = Math.floor(ids.length / scale.runs);
  const runs: number[] = [];
  for (let run = 0; run < scale.runs; run++) {
    const own = ids.slice(run * each, (run + 1) * each);
    const [before, begun] = [cpuSeconds(bench.stack), performance.now()];
    for (let at = 0; at < own.length; at += batch) await show(bench, state, own.slice(at, at + batch));
    runs.push(((performance.now() - begun) * 1_000) / own.length);
    say(
      `${own.length} selectors matched, ${runs.at(-1)?.toFixed(0)} µs each; ms of CPU: ${perItem(cpuBetween(before, cpuSeconds(bench.stack)), own.length)}`,
    );
  }
  return runs;
}

/** Ids are random, so the first ones of their index lie anywhere in the table. */
async function selectorIds(bench: BenchStack, most: number): Promise<Buffer[]> {
  const { rows } = await bench
    .pool('nyms')
    .query<{ id: Buffer }>('SELECT selector_id AS id FROM pseudonyms.selectors ORDER BY selector_id LIMIT $1', [most]);
  return rows.map(({ id }) => id);
}

async function show(bench: BenchStack, { force, run }: z.output<typeof forceState>, ids: readonly Buffer[]): Promise<void> {
  const { rows } = await bench.pool('nyms').query<Selector>(
    `SELECT s.selector_id AS "selectorId", s.key_epoch AS "keyEpoch", s.cohort, s.period, s.expiry_day AS "expiryDay", p.subject,
       s.signature, s.bytes
     FROM pseudonyms.selectors s JOIN pseudonyms.pseudonyms p USING (uri) WHERE s.selector_id = ANY($1::bytea[])`,
    [ids],
  );
  await (await ask(bench, `v1/matches?force=${force}&run=${encodeURIComponent(run)}`, toFrames(rows))).drop();
}

async function ask({ stack, signal }: BenchStack, route: string, frames?: Uint8Array): Promise<ServiceAnswer> {
  const request = { ...(frames && { type: 'application/octet-stream', body: frames }), timeoutMs: MATCH_MS, signal };
  const response = await stack.client('nyms', 'keyholder').request(route, request);
  if (!response.ok) throw new Error(`the key holder answered ${response.status} to ${route.split('?')[0]}`);
  return response;
}
