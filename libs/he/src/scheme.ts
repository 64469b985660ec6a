/**
 * The evaluation side of the additive scheme: what correlator and witness may do with selectors. Both twins implement it, BFV and plain.
 *
 * It knows public parameters and ciphertexts. It has no key and must never get one: keys live in apps/keyholder/src/secret-key only.
 */
import type { ParameterSet } from './parameter-sets.js';

export interface EvaluationScheme {
  readonly set: ParameterSet;
  /** What computed the bytes: library version and digest of the code. Attested, so that two builds never disagree unnoticed. */
  readonly buildId: string;
  /** @throws CiphertextRefused unless the bytes are exactly a selector of the set. */
  checkSelector(bytes: Uint8Array): void;
  /** @throws CiphertextRefused unless the bytes are exactly a sum of the set. */
  checkCiphertext(bytes: Uint8Array): void;
  /** Opens a fold: one (cohort, side). Several may be open at a time; each stays on one worker. */
  openFold(): Promise<Fold>;
  /** Ends the workers. Open folds reject with SchemeClosed. */
  close(): Promise<void>;
}

/** Selectors in, one sum per hub out. The bytes depend on the multiset of (selector, hub, weight) only, not on order or batches. */
export interface Fold {
  /**
   * Adds a batch or nothing of it. Resolves when the worker is done with it: await it before the next batch but one.
   * @throws CiphertextRefused (with the index) or FoldRefused: nothing was added, the fold goes on. WorkerLost: run the fold again.
   */
  add(batch: FoldBatch): Promise<void>;
  /** Ends the fold. @returns hub → bytes of the sum, hubs ascending. */
  finish(): Promise<Map<number, Uint8Array>>;
  /** Ends the fold without a result; allowed at any time, also after an error. */
  abandon(): Promise<void>;
}

export interface FoldBatch {
  /**
   * count × `set.selectorBytes`, concatenated. A buffer is transferred: the caller's array is empty afterwards. Memory of a
   * SharedArrayBuffer stays the caller's, who leaves it alone until `add` has settled.
   */
  readonly selectors: Uint8Array;
  /** For the i-th selector, its total per hub. */
  readonly terms: ReadonlyArray<ReadonlyArray<FoldTerm>>;
}

export interface FoldTerm {
  /** Small integer that stands for a hub, chosen by the caller. */
  readonly hub: number;
  /** Positive integer, at most `largestWeight(set)`. */
  readonly weight: number;
}
