/**
 * What a reinstated account starts from (protocol.md §6): b_o, its score at each operator when it was reinstated. Decisions use s_o − b_o,
 * and b_o follows s_o down, so old signals never suspend it again and new abuse does. Pure; sealed under the baseline key at rest, padded
 * to all operators, so that a row says neither how many nor which.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { concat } from '#contracts';

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
const nonceBytes = 12;
const tagBytes = 16;
const nameOf = (operator: string): Buffer => createHash('sha256').update(operator).digest().subarray(0, nameBytes);

/** nonce ‖ AES-256-GCM(key, aad handle, per operator: first 8 bytes of its SHA-256 ‖ u32) ‖ tag. @param key 32 bytes */
export function sealBaseline(key: Uint8Array, handle: Uint8Array, baseline: Baseline): Uint8Array {
  const plain = Buffer.alloc(baseline.size * entryBytes);
  let at = 0;
  for (const [operator, score] of baseline) {
    nameOf(operator).copy(plain, at);
    plain.writeUInt32BE(score, at + nameBytes);
    at += entryBytes;
  }
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(handle);
  return concat(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/** @throws Error when the row is not this handle's, or damaged. Operators that are no more in the policy are left out. */
export function openBaseline(key: Uint8Array, handle: Uint8Array, sealed: Uint8Array, operators: readonly string[]): Baseline {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(
    handle,
  );
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const plain = Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  const scores = new Map<string, number>();
  for (let at = 0; at < plain.length; at += entryBytes) {
    scores.set(plain.toString('hex', at, at + nameBytes), plain.readUInt32BE(at + nameBytes));
  }
  return new Map(operators.map((operator) => [operator, scores.get(nameOf(operator).toString('hex')) ?? 0]));
}
