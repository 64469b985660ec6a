/**
 * How fast notices get to a hub, by push and by poll. They are made as in earnest: the stream is paused, pseudonyms that are not active are
 * added as its subjects, nyms signs and queues what is to be told of them; then the stream is enabled and the clock runs.
 */
import { randomBytes } from 'node:crypto';
import type { BenchContext, Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import { cpuBetween, cpuSeconds, perItem } from '../cpu/cpu-meter.js';
import { until } from '../until.js';
import { CountingReceiver } from './counting-receiver.js';
import { StreamOwner } from './stream-owner.js';

/** A pseudonym that ends is two SETs. */
const setsOfEach = 2;
const polledAtOnce = 500;

export const notices: Group = {
  name: 'notices',
  figures: ['sets_delivered_per_s', 'poll_sets_per_s'],
  async run(context) {
    await withBenchStack(context, { apps: ['keyholder', 'witness', 'nyms'] }, async (bench) => {
      const { measurements } = context;
      measurements.record('sets_delivered_per_s', await pushRates(context, bench));
      measurements.record('poll_sets_per_s', await pollRates(context, bench));
    });
  },
};

async function pushRates(context: BenchContext, bench: BenchStack): Promise<number[]> {
  const receiver = await CountingReceiver.start();
  const owner = await StreamOwner.create(bench.stack, 0, { method: 'urn:ietf:rfc:8935', endpoint_url: receiver.url });
  try {
    return await timed(context, bench, owner, async (sets) => {
      receiver.expect(sets);
      await owner.setStatus('enabled');
      await receiver.all(bench.signal);
      await until('an empty queue', { signal: bench.signal, seconds: 60 }, async () => (await queued(bench)) === 0);
    });
  } finally {
    await receiver.stop();
  }
}

async function pollRates(context: BenchContext, bench: BenchStack): Promise<number[]> {
  const owner = await StreamOwner.create(bench.stack, 1, { method: 'urn:ietf:rfc:8936' });
  return timed(context, bench, owner, async (sets) => {
    await owner.setStatus('enabled');
    let taken = 0;
    for (let ack: string[] = []; taken < sets || ack.length > 0; taken += ack.length) ack = await owner.poll(ack, polledAtOnce);
  });
}

async function timed(
  { scale, say }: BenchContext,
  bench: BenchStack,
  owner: StreamOwner,
  deliver: (sets: number) => Promise<void>,
): Promise<number[]> {
  const rates: number[] = [];
  for (let run = 0; run < scale.runs; run++) {
    bench.signal.throwIfAborted();
    await owner.setStatus('paused');
    await queue(bench, owner.streamId, scale.sets);
    const before = cpuSeconds(bench.stack);
    const begun = performance.now();
    await deliver(scale.sets);
    rates.push(scale.sets / ((performance.now() - begun) / 1_000));
    const used = perItem(cpuBetween(before, cpuSeconds(bench.stack)), scale.sets);
    say(`delivered ${rates.at(-1)?.toFixed(0)} notices a second; ms of CPU each: ${used}`);
  }
  return rates;
}

async function queue(bench: BenchStack, streamId: string, sets: number): Promise<void> {
  const uris = Array.from({ length: sets / setsOfEach }, () => `mimi://provider.example/p/${randomBytes(13).toString('hex')}`);
  const pool = bench.pool('nyms');
  await pool.query("INSERT INTO streams.subjects SELECT $1, uri, 'uri' FROM unnest($2::text[]) AS uri", [streamId, uris]);
  await pool.query('INSERT INTO streams.fresh_subjects SELECT $1, uri FROM unnest($2::text[]) AS uri', [streamId, uris]);
  await until('queued notices', { signal: bench.signal, seconds: 60 }, async () => (await queued(bench)) === sets);
}

async function queued(bench: BenchStack): Promise<number> {
  const { rows } = await bench.pool('nyms').query<{ count: number }>('SELECT count(*)::int AS count FROM streams.queue');
  return rows[0]?.count ?? 0;
}
