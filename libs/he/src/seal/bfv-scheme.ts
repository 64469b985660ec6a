/** The encrypted twin of the evaluation side: folds on a pool of SEAL workers. */
import { byteChecks, refuseFaulty, type ByteChecks } from '../byte-checks.js';
import { CiphertextRefused, FoldRefused } from '../errors.js';
import { packTerms } from '../fold-batch.js';
import type { BfvSet } from '../parameter-sets.js';
import type { EvaluationScheme, Fold, FoldBatch } from '../scheme.js';
import type { Lease, WorkerPool } from '../workers/worker-pool.js';
import type { FoldMethods } from './fold-methods.js';

export class BfvScheme implements EvaluationScheme {
  readonly set: BfvSet;
  readonly buildId: string;
  readonly #pool: WorkerPool<FoldMethods>;
  readonly #checks: ByteChecks;
  #nextFold = 0;

  constructor(set: BfvSet, buildId: string, pool: WorkerPool<FoldMethods>) {
    this.set = set;
    this.buildId = buildId;
    this.#pool = pool;
    this.#checks = byteChecks(set);
  }

  checkSelector(bytes: Uint8Array): void {
    refuseFaulty(this.#checks.selectorFault, bytes);
  }

  checkCiphertext(bytes: Uint8Array): void {
    refuseFaulty(this.#checks.sumFault, bytes);
  }

  async openFold(): Promise<Fold> {
    const lease = await this.#pool.lease();
    const fold = this.#nextFold++;
    try {
      await lease.call('open', { fold });
    } catch (error) {
      lease.release();
      throw error;
    }
    return new LeasedFold(this.set, lease, fold);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

class LeasedFold implements Fold {
  readonly #set: BfvSet;
  readonly #lease: Lease<FoldMethods>;
  readonly #fold: number;
  #ended = false;

  constructor(set: BfvSet, lease: Lease<FoldMethods>, fold: number) {
    this.#set = set;
    this.#lease = lease;
    this.#fold = fold;
  }

  async add(batch: FoldBatch): Promise<void> {
    if (this.#ended) throw new FoldRefused('ended');
    const terms = packTerms(this.#set, batch);
    const { selectors, moved } = forWorker(batch.selectors);
    const wear = { operations: batch.terms.length, transfer: [...moved, terms.buffer] };
    const refused = await this.#lease.call('add', { fold: this.#fold, selectors, terms }, wear);
    if (refused) throw new CiphertextRefused(refused.code, refused.at);
  }

  async finish(): Promise<Map<number, Uint8Array>> {
    if (this.#ended) throw new FoldRefused('ended');
    return this.#end(() => this.#lease.call('finish', { fold: this.#fold }));
  }

  async abandon(): Promise<void> {
    if (this.#ended) return;
    // A lost worker has already forgotten the fold.
    await this.#end(() => this.#lease.call('abandon', { fold: this.#fold }).catch(() => undefined));
  }

  async #end<T>(call: () => Promise<T>): Promise<T> {
    this.#ended = true;
    try {
      return await call();
    } finally {
      this.#lease.release();
    }
  }
}

/** Shared memory is read where it is. Else the bytes move in a buffer of their own: a view of a pool or of a larger frame is copied first. */
function forWorker(bytes: Uint8Array): { selectors: Uint8Array; moved: ArrayBuffer[] } {
  const { buffer } = bytes;
  if (buffer instanceof SharedArrayBuffer) return { selectors: bytes, moved: [] };
  const own = bytes.byteLength === buffer.byteLength ? buffer : new Uint8Array(bytes).buffer;
  return { selectors: new Uint8Array(own), moved: [own] };
}
