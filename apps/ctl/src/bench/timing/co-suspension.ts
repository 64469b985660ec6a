/**
 * A world of suspensions as two hubs and the readers of the status lists see it (protocol.md §7): accounts cross in decided epochs, wait
 * for a release, and from its force time on each of their pseudonyms ends after a delay of its own. Numbers are those of the policy; the
 * delay is the law that the key holder draws by. Pure, seeded.
 */
import type { PolicyDocument } from '#contracts';
import { delayTicks } from '#policy';
import type { Delays } from '#policy';
import type { SeededRandom } from '../../scenario/random.js';

export interface WorldOptions {
  readonly policy: Pick<PolicyDocument, 'epochSeconds' | 'release'>;
  /** Undefined: everything ends with the force time. */
  readonly delays: Delays | undefined;
  readonly tickSeconds: number;
  readonly epochs: number;
  /** Mean number of accounts that one epoch suspends. */
  readonly crossings: number;
}

/** An account with a pseudonym in each of the two hubs. Times are ticks: as fine as anybody is told. */
export interface Suspended {
  readonly forceAt: number;
  readonly endsAtOne: number;
  readonly endsAtOther: number;
}

export function suspend(
  { policy, delays, tickSeconds, epochs, crossings }: WorldOptions,
  random: SeededRandom,
): readonly Suspended[] {
  const { batch, maxDelaySeconds } = policy.release;
  const ticksPerEpoch = Math.ceil(policy.epochSeconds / tickSeconds);
  const ends = (forceAt: number) => forceAt + (delays ? delayTicks(() => random.unit() || Number.MIN_VALUE, delays) : 0);
  const suspended: Suspended[] = [];
  let waiting: number[] = []; // epochs in which they crossed
  for (let epoch = 0; epoch < epochs; epoch++) {
    waiting.push(...Array.from({ length: poisson(crossings, random) }, () => epoch));
    const isOverdue = waiting.length > 0 && (epoch - waiting[0]!) * policy.epochSeconds >= maxDelaySeconds;
    if (waiting.length < batch && !isOverdue) continue;
    const forceAt = epoch * ticksPerEpoch;
    suspended.push(...waiting.map(() => ({ forceAt, endsAtOne: ends(forceAt), endsAtOther: ends(forceAt) })));
    waiting = [];
  }
  return suspended;
}

/** Knuth, The Art of Computer Programming 2, §3.4.1. */
function poisson(mean: number, random: SeededRandom): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.unit(); product > least; product *= random.unit()) count++;
  return count;
}
