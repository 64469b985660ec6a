/**
 * What a reinstated account starts from (protocol.md §6): b_o, its score at each operator when it was reinstated. Decisions use s_o − b_o,
 * and b_o follows s_o down, so old signals never suspend it again and new abuse does. Pure; sealed under the baseline key at rest, padded
 * to all operators, so that a row says neither how many nor which.
 */
import { createHash } from 'node:crypto';
import { openBox, sealBox } from '#platform';

/** Operator → score, in units × decay.scale. An operator that is not in it starts from nothing. */
export type Baseline = ReadonlyMap<string, number>;

/** b_o := the present s_o. */
export const notedBaseline = (operators: readonly string[], scores: Uint32Array): Baseline =>
  new Map(operators.map((operator, i) => [operator, scores[i] as number]));

/** b_o := min(b_o, s_o), over the operators of the present policy. */
export const loweredBaseline = (baseline: Baseline, operators: readonly string[], scores: Uint32Array): Baseline =>
  new Map(operators.map((operator, i) => [operator, Math.min(baseline.get(operator) ?? 0, scores[i] as number)]));

/** s_o − b_o, never below nothing. */
export const aboveBaseline = (baseline: Baseline, operators: readonly string[], scores: Uint32Array): Uint32Array =>
  Uint32Array.from(scores, (score, i) => Math.max(0, score - (baseline.get(operators[i] as string) ?? 0)));

const nameBytes = 8;
const entryBytes = nameBytes + 4;
const nameOf = (operator: string): Buffer => createHash('sha256').update(operator).digest().subarray(0, nameBytes);

/** Box, bound to the handle, over (first 8 bytes of the operator's SHA-256 ‖ u32) for each. @param key 32 bytes */
export function sealBaseline(key: Uint8Array, handle: Uint8Array, baseline: Baseline): Uint8Array {
  const plain = Buffer.alloc(baseline.size * entryBytes);
  let at = 0;
  for (const [operator, score] of baseline) {
    nameOf(operator).copy(plain, at);
    plain.writeUInt32BE(score, at + nameBytes);
    at += entryBytes;
  }
  return sealBox(key, handle, plain);
}

/** @throws Error when the row is not this handle's, or damaged. Operators that are no more in the policy are left out. */
export function openBaseline(key: Uint8Array, handle: Uint8Array, sealed: Uint8Array, operators: readonly string[]): Baseline {
  const plain = Buffer.from(openBox(key, handle, sealed));
  const scores = new Map<string, number>();
  for (let at = 0; at < plain.length; at += entryBytes) {
    scores.set(plain.toString('hex', at, at + nameBytes), plain.readUInt32BE(at + nameBytes));
  }
  return new Map(operators.map((operator) => [operator, scores.get(nameOf(operator).toString('hex')) ?? 0]));
}
