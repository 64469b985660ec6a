/**
 * The evaluation side of the additive scheme: parameters, byte checks, weighted sums. No key, ever.
 *
 * Importing this loads no SEAL: node-seal is imported by worker entries only, so whoever needs constants or byte checks stays free of it.
 */
export { byteChecks, type ByteChecks } from './byte-checks.js';
export { capacitySelfTest, leastBudgetBits, noiseFloorBits, type Capacity, type PolicyBounds } from './capacity.js';
export { CiphertextRefused, FoldRefused, SchemeClosed, WorkerLost, type ByteFault } from './errors.js';
export { packTerms } from './fold-batch.js';
export { openScheme, type SchemeOptions } from './open-scheme.js';
export {
  isParameterSetName,
  largestWeight,
  parameterSet,
  parameterSets,
  type BfvSet,
  type ParameterSet,
  type ParameterSetName,
  type PlainSet,
} from './parameter-sets.js';
export { plainSelector, plainSelectorSlot, plainSum, plainSumSlots } from './plain/plain-records.js';
export type { EvaluationScheme, Fold, FoldBatch, FoldTerm } from './scheme.js';
export { Handles, scope, type Handle, type Own } from './seal/scope.js';
export { SealFold } from './seal/seal-fold.js';
export { openSession, type SealFactory, type SealSession } from './seal/seal-session.js';
export { workerEntry, type WorkerEntry } from './workers/worker-entry.js';
export { WorkerPool, type Lease, type WorkerPoolOptions } from './workers/worker-pool.js';
export { serve, type Answer } from './workers/worker-serve.js';
export { ciphertextHeaderBytes, seedBytes, wordBytes } from './seal-bytes.js';
