/**
 * When a selector of a suspended account ends (protocol.md §7): force time + Geom, in ticks, redrawn over the limit, by a PRF of
 * selector id and force number. The same after every restart, and independent from selector to selector. Pure.
 */
import { prfLabels, type Prf } from '../keys/prf.js';

export interface Revocation {
  readonly tickSeconds: number;
  /** Mean of the geometric draw, in ticks: how many ticks pass before the end. */
  readonly meanTicks: number;
  readonly limitTicks: number;
}

/** A draw is over the limit with probability e^(−limit/mean) ≤ 1/e, since limit ≥ mean; this many in a row never happen. */
const mostDraws = 1_000;

/** Even in (0, 1), 53 bits. */
function even(prf: Prf, selectorId: Uint8Array, force: number, draw: number): number {
  const bytes = Buffer.from(prf.bytes(prfLabels.due, selectorId, force, draw));
  return (Number(bytes.readBigUInt64BE() >> 11n) + 0.5) / 2 ** 53;
}

/** @returns 0 … limitTicks; P(n) ∝ (1 − p)^n p with p = 1 / (mean + 1), so that the mean before redrawing is `meanTicks`. */
export function delayTicks(prf: Prf, selectorId: Uint8Array, force: number, { meanTicks, limitTicks }: Revocation): number {
  const logFail = Math.log(meanTicks / (meanTicks + 1));
  for (let draw = 0; draw < mostDraws; draw++) {
    const ticks = Math.floor(Math.log(even(prf, selectorId, force, draw)) / logFail);
    if (ticks <= limitTicks) return ticks;
  }
  return limitTicks;
}

/** @param forceAtMs time of the force number, milliseconds. @returns the end, milliseconds. */
export const dueAtMs = (prf: Prf, selectorId: Uint8Array, force: number, forceAtMs: number, revocation: Revocation): number =>
  forceAtMs + delayTicks(prf, selectorId, force, revocation) * revocation.tickSeconds * 1_000;
