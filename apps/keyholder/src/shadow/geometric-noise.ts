/**
 * Two-sided geometric noise (Ghosh, Roughgarden, Sundararajan, "Universally Utility-Maximizing Privacy Mechanisms", 2009): P(k) proportional
 * to exp(−ε|k|), the difference of two geometric draws. Whole numbers, so that no digit behind the point tells what was added to.
 */
import { randomBytes } from 'node:crypto';

/** Uniform in (0, 1]. */
export type Draw = () => number;

/** 53 bits of the system's randomness. */
export const systemDraw: Draw = () => {
  const bytes = randomBytes(8);
  return (Number(bytes.readBigUInt64BE() >> 11n) + 1) / 2 ** 53;
};

/** @param epsilon above 0, for counts that one person changes by one at most */
export function geometricNoise(epsilon: number, draw: Draw): number {
  const geometric = () => Math.floor(-Math.log(draw()) / epsilon);
  return geometric() - geometric();
}
