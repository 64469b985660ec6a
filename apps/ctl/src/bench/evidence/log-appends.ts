/**
 * What an act waits for before it may happen: its entry durable and cosigned by the witness process. Moderators act blindly on one
 * pseudonym, over nyms as they do; the key holder measures, and its histogram is read before and after each act.
 */
import { z } from 'zod';
import { dayOf } from '#contracts';
import type { ActStatement } from '#contracts';
import { callService } from '../../command/service-call.js';
import { signStatement } from '../../command/signed.js';
import { benchPseudonym } from '../bench-pseudonym.js';
import type { BenchStack } from '../bench-stack.js';
import { histogramTotals } from '../histogram-totals.js';
import type { HistogramTotals } from '../histogram-totals.js';

const name = 'nymtally_keyholder_log_announce_seconds';
/** Connections, caches and the first policy. */
const warmUp = 5;

/** @returns milliseconds of each of so many announcements; what stands between two others that came at once is not one */
export async function appendRuns({ stack, signal }: BenchStack, runs: number): Promise<number[]> {
  const uri = await benchPseudonym(stack);
  const ms: number[] = [];
  for (let run = 0; ms.length < warmUp + runs; run++) {
    signal.throwIfAborted();
    if (run > 3 * (warmUp + runs)) throw new Error('acts are not announced one at a time');
    const before = await announced(stack);
    const chosen = { type: run % 2 === 0 ? ('suspend' as const) : ('reinstate' as const), uri, case: 'bench', reason: '' };
    const body = signStatement<ActStatement>(stack.keys.moderators[0]!, chosen, dayOf(new Date()));
    await callService({ service: 'nyms', url: `${stack.urls.nyms}/v1/moderation/pseudonyms`, body, answer: z.unknown() });
    const after = await announced(stack);
    if (after.count === before.count + 1) ms.push((after.seconds - before.seconds) * 1_000);
  }
  return ms.slice(warmUp);
}

async function announced(stack: BenchStack['stack']): Promise<HistogramTotals> {
  const answer = await stack.client('ctl', 'keyholder').request('metrics');
  return histogramTotals(await answer.text(), name);
}
