/**
 * One fold inside one SEAL instance, synchronous: Σ weight × selector per hub (protocol.md §5).
 *
 * Selectors of equal (hub, weight) are added first, so that each distinct weight costs one multiplication. Everything is exact
 * arithmetic modulo q, hence any order, batching or early merge gives the same bytes. Sees ciphertexts and weights, nothing else.
 */
import type { Ciphertext } from 'node-seal';
import { packedTerm, splitSelectors } from '../fold-batch.js';
import { Handles, scope } from './scope.js';
import type { SealSession } from './seal-session.js';

export class SealFold {
  readonly #session: SealSession;
  readonly #maxAccumulators: number;
  readonly #handles = new Handles();
  readonly #loaded: Ciphertext;
  /** weight → hub → sum of the selectors that have it. */
  readonly #byWeight = new Map<number, Map<number, Ciphertext>>();
  /** hub → Σ weight × selector of what was merged. */
  readonly #totals = new Map<number, Ciphertext>();
  #accumulators = 0;

  /** @param maxAccumulators (hub, weight) sums kept apart before they are merged; each holds `set.ciphertextBytes` of wasm heap. */
  constructor(session: SealSession, maxAccumulators: number) {
    this.#session = session;
    this.#maxAccumulators = maxAccumulators;
    this.#loaded = this.#handles.own(new session.seal.Ciphertext());
  }

  /** @param selectors concatenated, byte checks passed; @param terms as `packTerms` makes them. */
  add(selectors: Uint8Array, terms: Uint32Array): void {
    const each = splitSelectors(this.#session.set, selectors);
    let inHand = -1;
    for (let at = 0; at < terms.length; at += packedTerm) {
      const [index, hub, weight] = terms.subarray(at, at + packedTerm) as unknown as [number, number, number];
      if (index !== inHand) this.#session.read(each[index] as Uint8Array, this.#loaded);
      inHand = index;
      this.#accumulate(hub, weight);
    }
  }

  /** @returns hub → bytes, hubs ascending. */
  finish(): Map<number, Uint8Array<ArrayBuffer>> {
    this.#merge();
    const hubs = [...this.#totals].sort(([a], [b]) => a - b);
    return new Map(hubs.map(([hub, total]) => [hub, this.#session.save(total)]));
  }

  free(): void {
    this.#handles.free();
    this.#byWeight.clear();
    this.#totals.clear();
  }

  #accumulate(hub: number, weight: number): void {
    let byHub = this.#byWeight.get(weight);
    if (!byHub) this.#byWeight.set(weight, (byHub = new Map()));
    const sum = byHub.get(hub);
    if (sum) return this.#session.evaluator.addInplace(sum, this.#loaded);
    if (this.#accumulators >= this.#maxAccumulators) {
      this.#merge();
      this.#byWeight.set(weight, (byHub = new Map()));
    }
    byHub.set(hub, this.#handles.own(this.#loaded.copy()));
    this.#accumulators++;
  }

  #merge(): void {
    for (const [weight, byHub] of this.#byWeight) {
      if (weight > 1) this.#multiply(weight, byHub.values());
      for (const [hub, sum] of byHub) this.#addToTotal(hub, sum);
    }
    this.#byWeight.clear();
    this.#accumulators = 0;
  }

  #multiply(weight: number, sums: Iterable<Ciphertext>): void {
    const { seal, set, encoder, evaluator } = this.#session;
    scope((own) => {
      const constant = own(new seal.Plaintext());
      encoder.encode(new BigUint64Array(set.slots).fill(BigInt(weight)), constant);
      for (const sum of sums) evaluator.multiplyPlainInplace(sum, constant);
    });
  }

  #addToTotal(hub: number, sum: Ciphertext): void {
    const total = this.#totals.get(hub);
    if (!total) return void this.#totals.set(hub, sum);
    this.#session.evaluator.addInplace(total, sum);
    this.#handles.drop(sum);
  }
}
