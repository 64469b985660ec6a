/**
 * How long after a force time a pseudonym ends (protocol.md §7): a geometric number of ticks, redrawn over the limit. The law alone:
 * whose delay it is, and where the draws come from, is the caller's. Pure.
 */
import type { PolicyDocument } from '#contracts';

export type Delays = Pick<PolicyDocument['revocation'], 'tickSeconds' | 'meanTicks' | 'limitTicks'>;

/** A draw is over the limit with probability e^(−limit/mean) ≤ 1/e, since limit ≥ mean; this many in a row never happen. */
const mostDraws = 1_000;

/**
 * @param even the draw of this number: even in (0, 1), independent of the others.
 * @returns 0 … limitTicks; P(n) ∝ (1 − p)^n p with p = 1 / (mean + 1), so that the mean before redrawing is `meanTicks`
 */
export function delayTicks(even: (draw: number) => number, { meanTicks, limitTicks }: Delays): number {
  const logFail = Math.log(meanTicks / (meanTicks + 1));
  for (let draw = 0; draw < mostDraws; draw++) {
    const ticks = Math.floor(Math.log(even(draw)) / logFail);
    if (ticks <= limitTicks) return ticks;
  }
  return limitTicks;
}

/** Probability of each number of ticks, from 0 to the limit. */
export function delayChances({ meanTicks, limitTicks }: Delays): Float64Array {
  const fail = meanTicks / (meanTicks + 1);
  const within = 1 - fail ** (limitTicks + 1);
  return Float64Array.from({ length: limitTicks + 1 }, (_, ticks) => (fail ** ticks * (1 - fail)) / within);
}
