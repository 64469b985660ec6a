/** Rules for a fold's batch, the same for both twins. Pure. Packs the terms so that a worker gets one transferable array. */
import { CiphertextRefused, FoldRefused } from './errors.js';
import type { ByteChecks } from './byte-checks.js';
import { largestWeight, type ParameterSet } from './parameter-sets.js';
import type { FoldBatch } from './scheme.js';

/** Words per packed term: index of the selector, hub, weight. */
export const packedTerm = 3;
const largestHub = 0xffff_ffff;

/**
 * @returns (selector index, hub, weight) per term, flat.
 * @throws FoldRefused for a wrong count, hub or weight. Weight 0 is refused: SEAL throws on it after overwriting its destination.
 */
export function packTerms(set: ParameterSet, batch: FoldBatch): Uint32Array<ArrayBuffer> {
  if (batch.selectors.length !== batch.terms.length * set.selectorBytes) throw new FoldRefused('count');
  const packed = new Uint32Array(packedTerm * batch.terms.reduce((count, terms) => count + terms.length, 0));
  const heaviest = largestWeight(set);
  let at = 0;
  batch.terms.forEach((terms, index) => {
    for (const { hub, weight } of terms) {
      if (!Number.isInteger(hub) || hub < 0 || hub > largestHub) throw new FoldRefused('hub');
      if (!Number.isInteger(weight) || weight < 1 || weight > heaviest) throw new FoldRefused('weight');
      packed.set([index, hub, weight], at);
      at += packedTerm;
    }
  });
  return packed;
}

/** @returns views of the single selectors, no copies. */
export function splitSelectors(set: ParameterSet, selectors: Uint8Array): Uint8Array[] {
  const count = selectors.length / set.selectorBytes;
  return Array.from({ length: count }, (_, i) => selectors.subarray(i * set.selectorBytes, (i + 1) * set.selectorBytes));
}

/** The first selector of the batch that fails the byte checks, if any: a batch is taken whole or not at all. */
export function refusedSelector(checks: ByteChecks, selectors: readonly Uint8Array[]): CiphertextRefused | undefined {
  for (const [at, bytes] of selectors.entries()) {
    const fault = checks.selectorFault(bytes);
    if (fault) return new CiphertextRefused(fault, at);
  }
  return undefined;
}
