/**
 * nyms publishes the status lists of a million pseudonyms, two thousand of which have ended since the last time: all indices read, all
 * lists compressed, signed and stored in one transaction. nyms measures; its histogram is read before and after.
 */
import { dayOf } from '#contracts';
import type { BenchContext, Group } from '../bench-context.js';
import { withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import { histogramTotals } from '../histogram-totals.js';
import type { HistogramTotals } from '../histogram-totals.js';
import { until } from '../until.js';
import { fillStatusLists } from './fill-status-lists.js';

const million = 1_000_000;
/** Ended, and shown so before. */
const retired = 50_000;
const endedEach = 2_000;
/** Short, so that the next publication comes soon; what is measured does not depend on it. */
const publishing = { NYMS_STATUS_PUBLISH_SECONDS: '5' };

export const statusLists: Group = {
  name: 'status-lists',
  figures: ['status_list_1m_publish_ms'],
  async run(context) {
    if (context.scale.quick) {
      context.measurements.omit(['status_list_1m_publish_ms'], 'its world is not part of this run');
      return;
    }
    await withBenchStack(context, { apps: ['keyholder', 'witness', 'nyms'] }, async (bench) => {
      context.measurements.record('status_list_1m_publish_ms', await publishRuns(context, bench));
    });
  },
};

async function publishRuns({ scale, say }: BenchContext, bench: BenchStack): Promise<number[]> {
  const { stack, pool, signal } = bench;
  const nyms = pool('nyms');
  await until('the first lists', { signal, seconds: 30 }, async () => (await published(stack.urls.nyms)).count > 0);
  await stack.processes.nyms.stop();
  const begun = performance.now();
  await fillStatusLists(nyms, { indices: million, retired, domain: stack.policy().domain, today: dayOf(new Date()) });
  say(`${million.toLocaleString('en')} pseudonyms with an index filled in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  await stack.restart('nyms', publishing);
  const next = (count: number) =>
    until('a publication', { signal, seconds: 60 }, async () => {
      const now = await published(stack.urls.nyms);
      return now.count > count ? now : undefined;
    });
  let before = await next(0); // the first reads a cold cache
  const runs: number[] = [];
  while (runs.length < scale.runs) {
    await nyms.query(
      `UPDATE pseudonyms.pseudonyms SET revoked = true
       WHERE uri IN (SELECT uri FROM pseudonyms.pseudonyms WHERE NOT revoked ORDER BY md5(uri) LIMIT $1)`,
      [endedEach],
    );
    const after = await next(before.count);
    runs.push(((after.seconds - before.seconds) / (after.count - before.count)) * 1_000);
    before = after;
  }
  say(`published in ${runs.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  return runs;
}

const published = async (nymsUrl: string): Promise<HistogramTotals> =>
  histogramTotals(await (await fetch(new URL('/metrics', nymsUrl))).text(), 'nyms_status_lists_seconds');
