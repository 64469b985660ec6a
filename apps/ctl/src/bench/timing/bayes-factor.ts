/**
 * How much more likely two ends are under "one account" than under "two accounts". The attacker is given what the policy says and more:
 * the law of the delay, every force time, and how many accounts came in force at each. Nobody who sees the same can do better. Pure.
 */
import { delayChances } from '#policy';
import type { Delays } from '#policy';

export interface Force {
  /** tick */
  readonly at: number;
  /** Share of all suspended accounts. */
  readonly share: number;
}

export interface Observation {
  readonly forces: readonly Force[];
  readonly delays: Delays | undefined;
  /** Ticks that look alike: 1 for a hub's own stream, those of a publication for who has the lists only. */
  readonly grain: number;
}

export const seenAt = (tick: number, grain: number): number => Math.ceil(tick / grain);

/** @returns the factor for a pair of ends, in the units of `seenAt` */
export function bayesFactor({ forces, delays, grain }: Observation): (one: number, other: number) => number {
  const chances = delays ? delayChances(delays) : Float64Array.of(1);
  /** Chance of each time that is seen, by force. */
  const seen = new Map<number, Float64Array>();
  forces.forEach(({ at }, force) =>
    chances.forEach((chance, ticks) => {
      const when = seenAt(at + ticks, grain);
      const byForce = seen.get(when) ?? new Float64Array(forces.length);
      byForce[force]! += chance;
      seen.set(when, byForce);
    }),
  );
  const shares = Float64Array.from(forces, ({ share }) => share);
  const chanceOf = new Map(
    [...seen].map(([when, byForce]) => [when, byForce.reduce((sum, own, i) => sum + shares[i]! * own, 0)]),
  );
  return (one, other) => {
    const [first, second] = [seen.get(one), seen.get(other)];
    if (!first || !second) throw new RangeError('nothing ends at that time');
    let together = 0;
    for (let force = 0; force < shares.length; force++) together += shares[force]! * first[force]! * second[force]!;
    return together / (chanceOf.get(one)! * chanceOf.get(other)!);
  };
}
