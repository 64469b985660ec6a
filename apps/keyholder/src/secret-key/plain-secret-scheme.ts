/**
 * The plain twin of the secret side: same interface and refusals, no encryption, so no noise to check. Oracle in tests, baseline in the
 * benchmark; production configuration refuses its parameter set.
 */
import { byteChecks, plainSelector, plainSelectorSlot, plainSumSlots, SchemeClosed, type ByteChecks, type PlainSet } from '#he';
import { SelectorRefused, TallyRefused } from './refusals.js';
import { frameSecret } from './secret-frame.js';
import type { SecretScheme, SelfTestResult, TallyBound } from './secret-scheme.js';
import { boundFault, slotsFault } from './tally-checks.js';

export class PlainSecretScheme implements SecretScheme {
  readonly set: PlainSet;
  readonly #checks: ByteChecks;
  #closed = false;

  constructor(set: PlainSet) {
    this.set = set;
    this.#checks = byteChecks(set);
  }

  async encryptSelector(slot: number): Promise<Uint8Array> {
    this.#mustBeOpen();
    return plainSelector(this.set, slot);
  }

  encryptSelectors(slots: readonly number[]): Promise<Uint8Array[]> {
    return Promise.all(slots.map((slot) => this.encryptSelector(slot)));
  }

  async openSelector(bytes: Uint8Array): Promise<number> {
    this.#mustBeOpen();
    if (this.#checks.selectorFault(bytes)) throw new SelectorRefused();
    return plainSelectorSlot(bytes);
  }

  async openSelectors(selectors: readonly Uint8Array[]): Promise<Array<number | undefined>> {
    this.#mustBeOpen();
    return selectors.map((bytes) => (this.#checks.selectorFault(bytes) ? undefined : plainSelectorSlot(bytes)));
  }

  async openTally(bytes: Uint8Array, bound: TallyBound): Promise<Uint32Array> {
    this.#mustBeOpen();
    if (this.#checks.sumFault(bytes)) throw new TallyRefused('bytes');
    const slots = plainSumSlots(this.set, bytes);
    const fault = boundFault(bound) ?? slotsFault(slots, bound);
    if (fault) throw new TallyRefused(fault);
    return slots;
  }

  /** Nothing to measure without noise. */
  async selfTest(): Promise<SelfTestResult> {
    this.#mustBeOpen();
    return 'passed';
  }

  exportSecret(): Uint8Array {
    return frameSecret({ setName: this.set.name, freshBudgetBits: 0, key: new Uint8Array() });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new SchemeClosed();
  }
}
