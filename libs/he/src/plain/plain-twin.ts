/**
 * The plain twin of the evaluation side: same interface, no encryption, no workers. Oracle in tests, baseline in the benchmark.
 * Slots count modulo t like the encrypted ones. Production configuration refuses its parameter set.
 */
import { byteChecks, refuseFaulty } from '../byte-checks.js';
import { FoldRefused, SchemeClosed } from '../errors.js';
import { packedTerm, packTerms, refusedSelector, splitSelectors } from '../fold-batch.js';
import type { PlainSet } from '../parameter-sets.js';
import type { EvaluationScheme, Fold, FoldBatch } from '../scheme.js';
import { plainSelectorSlot, plainSum } from './plain-records.js';

export class PlainTwin implements EvaluationScheme {
  readonly buildId = 'plain-twin/1';
  readonly set: PlainSet;
  readonly #checks;
  #closed = false;

  constructor(set: PlainSet) {
    this.set = set;
    this.#checks = byteChecks(set);
  }

  checkSelector(bytes: Uint8Array): void {
    refuseFaulty(this.#checks.selectorFault, bytes);
  }

  checkCiphertext(bytes: Uint8Array): void {
    refuseFaulty(this.#checks.sumFault, bytes);
  }

  async openFold(): Promise<Fold> {
    if (this.#closed) throw new SchemeClosed();
    return new PlainFold(this.set, () => this.#closed);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

class PlainFold implements Fold {
  readonly #set: PlainSet;
  readonly #schemeClosed: () => boolean;
  readonly #sums = new Map<number, Uint32Array>();
  readonly #checks;
  #ended = false;

  constructor(set: PlainSet, schemeClosed: () => boolean) {
    this.#set = set;
    this.#schemeClosed = schemeClosed;
    this.#checks = byteChecks(set);
  }

  async add(batch: FoldBatch): Promise<void> {
    this.#mustBeOpen();
    const terms = packTerms(this.#set, batch);
    const selectors = splitSelectors(this.#set, batch.selectors);
    const refused = refusedSelector(this.#checks, selectors);
    if (refused) throw refused;
    for (let at = 0; at < terms.length; at += packedTerm) {
      const [index, hub, weight] = terms.subarray(at, at + packedTerm) as unknown as [number, number, number];
      const slot = plainSelectorSlot(selectors[index] as Uint8Array);
      const sum = this.#sumOf(hub);
      sum[slot] = ((sum[slot] as number) + weight) % this.#set.plainModulus;
    }
  }

  async finish(): Promise<Map<number, Uint8Array>> {
    this.#mustBeOpen();
    this.#ended = true;
    const hubs = [...this.#sums].sort(([a], [b]) => a - b);
    return new Map(hubs.map(([hub, slots]) => [hub, plainSum(this.#set, slots)]));
  }

  async abandon(): Promise<void> {
    this.#ended = true;
    this.#sums.clear();
  }

  #mustBeOpen(): void {
    if (this.#schemeClosed()) throw new SchemeClosed();
    if (this.#ended) throw new FoldRefused('ended');
  }

  #sumOf(hub: number): Uint32Array {
    const sum = this.#sums.get(hub) ?? new Uint32Array(this.#set.slots);
    this.#sums.set(hub, sum);
    return sum;
  }
}
