/**
 * Memory of one fold at a time, used again for every batch of every cohort: what a batch is read into, and what the worker reads it from.
 * A tally moves gigabytes through it; new buffers for each batch cost the correlator a hundred megabytes that only waited for the collector.
 */
import { Landing } from '../selectors/copy-out.js';

/** Selectors read and added at a time. */
export const selectorsAtOnce = 128;

export class FoldMemory {
  /** Where a batch lands: rows of the database, good until the next. */
  readonly landing = new Landing();
  readonly #batch: Uint8Array;

  /** @param selectorBytes of the parameter set */
  constructor(private readonly selectorBytes: number) {
    this.#batch = new Uint8Array(new SharedArrayBuffer(selectorsAtOnce * selectorBytes)); // the worker reads it where it is
  }

  put(selectors: readonly Uint8Array[]): void {
    selectors.forEach((bytes, at) => this.#batch.set(bytes, at * this.selectorBytes));
  }

  /** The first `count` selectors, one behind the other. */
  first(count: number): Uint8Array {
    return this.#batch.subarray(0, count * this.selectorBytes);
  }

  /** Those behind it move up. */
  leaveOut(at: number): void {
    this.#batch.copyWithin(at * this.selectorBytes, (at + 1) * this.selectorBytes);
  }
}
