/** What the secret worker is asked and answers. */
import type { TallyFault } from './refusals.js';
import type { SelfTestResult, TallyBound } from './secret-scheme.js';

export interface SecretWorkerData {
  readonly setName: string;
  /** The secret frame; absent in the short-lived worker that makes one. */
  readonly secret?: Uint8Array;
}

export interface SecretMethods {
  /** @returns a secret frame with a fresh key. */
  generate(input: undefined): Uint8Array;
  /** @returns selectors, concatenated. */
  encrypt(input: Uint32Array): Uint8Array;
  /** @returns slots; -1 for refused. */
  open(input: Uint8Array[]): Int32Array;
  openSum(input: { bytes: Uint8Array; bound: TallyBound }): Uint32Array | TallyFault;
  selfTest(input: number): SelfTestResult;
}
