/** Opens the evaluation side of a named parameter set; the only place that chooses between the twins. */
import { parameterSet, type ParameterSetName } from './parameter-sets.js';
import { PlainTwin } from './plain/plain-twin.js';
import type { EvaluationScheme } from './scheme.js';
import { BfvScheme } from './seal/bfv-scheme.js';
import type { FoldMethods, FoldWorkerData } from './seal/fold-methods.js';
import { workerEntry } from './workers/worker-entry.js';
import { WorkerPool } from './workers/worker-pool.js';

export interface SchemeOptions {
  /** SEAL worker threads; folds spread over them. */
  readonly threads?: number;
  /** Selectors a worker loads before it is replaced, between folds. */
  readonly operationsPerWorker?: number;
  /** (hub, weight) sums a fold keeps apart before it merges them: bounds its memory to this × `ciphertextBytes`. */
  readonly maxAccumulators?: number;
}

/** The plain twin takes no options. @throws WorkerLost when SEAL cannot start here. */
export async function openScheme(setName: ParameterSetName, options: SchemeOptions = {}): Promise<EvaluationScheme> {
  const { threads = 2, operationsPerWorker = 1_000_000, maxAccumulators = 2048 } = options;
  const set = parameterSet(setName);
  if (set.kind === 'plain') return new PlainTwin(set);
  const { pool, greeting } = await WorkerPool.open<FoldMethods>({
    entry: workerEntry(import.meta.url, './seal/fold.worker'),
    threads,
    operationsPerWorker,
    workerData: (): FoldWorkerData => ({ setName, maxAccumulators }),
  });
  return new BfvScheme(set, greeting, pool);
}
