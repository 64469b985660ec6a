/** What the fold worker is asked and answers. */
import type { ByteFault } from '../errors.js';

export interface FoldWorkerData {
  readonly setName: string;
  readonly maxAccumulators: number;
}

export interface FoldMethods {
  open(input: { fold: number }): void;
  /** @returns the first refused selector; then nothing of the batch was added. */
  add(input: { fold: number; selectors: Uint8Array; terms: Uint32Array }): { code: ByteFault; at: number } | undefined;
  finish(input: { fold: number }): Map<number, Uint8Array>;
  abandon(input: { fold: number }): void;
}
