/**
 * The secret side of the additive scheme, which exists in the key holder only: makes selectors, opens selectors and attested sums.
 *
 * It sees slots and slot totals, never a handle, a pseudonym or an account. No noise budget, no plaintext object and no library error
 * leaves it; a refusal has one type, and its reason is for the key holder's own audit, never for a caller outside.
 */
import type { ParameterSet } from '#he';

export interface SecretScheme {
  readonly set: ParameterSet;
  /** @returns a fresh selector of the slot, `set.selectorBytes` long. */
  encryptSelector(slot: number): Promise<Uint8Array>;
  /** Many at once, spread over the workers; same order. */
  encryptSelectors(slots: readonly number[]): Promise<Uint8Array[]>;
  /**
   * @param bytes a selector whose key holder signature was checked before: nothing else may be decrypted.
   * @returns its slot. @throws SelectorRefused unless it is one-hot.
   */
  openSelector(bytes: Uint8Array): Promise<number>;
  /** Many at once, same order; undefined where a single one would be refused. */
  openSelectors(selectors: readonly Uint8Array[]): Promise<Array<number | undefined>>;
  /**
   * Opens a completely attested sum (protocol.md §5). The bytes are given away: where they have a buffer for themselves, the caller has them
   * no more. @returns N slot totals.
   * @throws TallyRefused unless bytes, noise, every slot and the sum of all slots are what the attested leaf allows.
   */
  openTally(bytes: Uint8Array, bound: TallyBound): Promise<Uint32Array>;
  /** Encrypts, folds and opens a sum with this square sum, and checks the noise left against the floor. Pass or fail, no numbers. */
  selfTest(squareSum: number): Promise<SelfTestResult>;
  /** @returns everything `openSecretScheme` needs, unsealed: seal it, then overwrite it. */
  exportSecret(): Uint8Array;
  /** Ends the workers and overwrites the key in this thread. */
  close(): Promise<void>;
}

/** What the attested leaf says about a sum. */
export interface TallyBound {
  /** Σ of all slots, exactly. */
  readonly weightSum: bigint | number;
  /** Σ total² over the selectors in it: bounds its noise. */
  readonly squareSum: bigint | number;
  /** Highest possible total of one slot under the policy. */
  readonly maxSlot: number;
}

export type SelfTestResult = 'passed' | 'wrong-sum' | 'below-floor';
