/**
 * When a selector of a suspended account ends (protocol.md §7): force time + the policy's delay, drawn by a PRF of selector id and force
 * number. The same after every restart, and independent from selector to selector. Pure.
 */
import { delayTicks, type Delays } from '#policy';
import { prfLabels, type Prf } from '../keys/prf.js';

export type Revocation = Delays;

/** Even in (0, 1), 53 bits. */
function even(prf: Prf, selectorId: Uint8Array, force: number, draw: number): number {
  const bytes = Buffer.from(prf.bytes(prfLabels.due, selectorId, force, draw));
  return (Number(bytes.readBigUInt64BE() >> 11n) + 0.5) / 2 ** 53;
}

/** @param forceAtMs time of the force number, milliseconds. @returns the end, milliseconds. */
export const dueAtMs = (prf: Prf, selectorId: Uint8Array, force: number, forceAtMs: number, revocation: Revocation): number =>
  forceAtMs + delayTicks((draw) => even(prf, selectorId, force, draw), revocation) * revocation.tickSeconds * 1_000;
