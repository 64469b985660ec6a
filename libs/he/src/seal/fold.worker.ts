/**
 * Worker thread of the evaluation side: one SEAL instance, any number of open folds. Bytes are checked here, before SEAL, once each.
 * Any exception ends the thread (`serve`): SEAL's state cannot be trusted after one.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import createSeal from 'node-seal';
import { byteChecks } from '../byte-checks.js';
import { refusedSelector, splitSelectors } from '../fold-batch.js';
import { parameterSet } from '../parameter-sets.js';
import { serve, type Answer } from '../workers/worker-serve.js';
import type { FoldMethods, FoldWorkerData } from './fold-methods.js';
import { SealFold } from './seal-fold.js';
import { openSession } from './seal-session.js';

const { setName, maxAccumulators } = workerData as FoldWorkerData;
const set = parameterSet(setName);
if (set.kind !== 'bfv') throw new Error('not a BFV set');
const session = await openSession(createSeal, set);
const checks = byteChecks(set);
const folds = new Map<number, SealFold>();

function openFold(id: number): SealFold {
  const fold = folds.get(id);
  if (!fold) throw new Error('no such fold');
  return fold;
}

function endFold(id: number): void {
  folds.get(id)?.free();
  folds.delete(id);
}

serve<FoldMethods>(buildId(), {
  open: ({ fold }) => answer(void folds.set(fold, new SealFold(session, maxAccumulators))),
  add: ({ fold, selectors, terms }) => {
    const refused = refusedSelector(checks, splitSelectors(session.set, selectors));
    if (!refused) openFold(fold).add(selectors, terms);
    return answer(refused && { code: refused.code, at: refused.at ?? 0 });
  },
  finish: ({ fold }) => {
    const sums = openFold(fold).finish();
    endFold(fold);
    return answer(
      sums,
      [...sums.values()].map((bytes) => bytes.buffer),
    );
  },
  abandon: ({ fold }) => answer(endFold(fold)),
});

function answer<T>(value: T, transfer: ArrayBuffer[] = []): Answer<T> {
  return { value, transfer };
}

/** Version of node-seal and digest of the wasm that runs: what the attestation pins. */
function buildId(): string {
  const entry = import.meta.resolve('node-seal');
  const { version } = JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8')) as { version: string };
  const wasm = createHash('sha256')
    .update(readFileSync(new URL('seal_throws.wasm', entry)))
    .digest('hex');
  return `node-seal/${version}+${wasm.slice(0, 16)}`;
}
