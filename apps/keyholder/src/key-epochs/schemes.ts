/**
 * The secrets of the scheme that are in use, by key epoch: the newest makes selectors, all of them open what was made under them. Each is a pool
 * of worker threads with wasm memory of their own, so only the newest has as many as are set; an older one winds down on a single thread.
 */
import type { ParameterSet } from '#he';
import type { SecretScheme, TallyBound } from '../secret-key/index.js';

/** A slot, and the key epoch of the cohort it is in. */
export interface EpochSlot {
  readonly keyEpoch: number;
  readonly slot: number;
}
export interface EpochBytes {
  readonly keyEpoch: number;
  readonly bytes: Uint8Array;
}

interface Held {
  readonly scheme: SecretScheme;
  uses: number;
  /** closes it once nobody uses it any more */
  retired?: () => void;
}

export class Schemes {
  private readonly held = new Map<number, Held>();

  constructor(readonly set: ParameterSet) {}

  get keyEpochs(): number[] {
    return [...this.held.keys()].sort((a, b) => a - b);
  }

  has(keyEpoch: number): boolean {
    return this.held.has(keyEpoch);
  }

  /** In the place of what was there, which is closed when the calls that are under way have ended. */
  put(keyEpoch: number, scheme: SecretScheme): void {
    void this.drop(keyEpoch);
    this.held.set(keyEpoch, { scheme, uses: 0 });
  }

  /** Resolves when it is closed and its secret overwritten in memory. */
  async drop(keyEpoch: number): Promise<void> {
    const held = this.held.get(keyEpoch);
    this.held.delete(keyEpoch);
    if (!held) return;
    if (held.uses > 0) await new Promise<void>((resolve) => (held.retired = resolve));
    await held.scheme.close();
  }

  /** Fresh selectors, same order. @throws RangeError for a key epoch that is not there */
  encryptSelectors(slots: readonly EpochSlot[]): Promise<Uint8Array[]> {
    return this.byEpoch(slots, (scheme, own) => scheme.encryptSelectors(own.map(({ slot }) => slot)));
  }

  /** Same order; undefined where a selector is refused. @throws RangeError for a key epoch that is not there */
  openSelectors(selectors: readonly EpochBytes[]): Promise<(number | undefined)[]> {
    return this.byEpoch(selectors, (scheme, own) => scheme.openSelectors(own.map(({ bytes }) => bytes)));
  }

  /** @throws TallyRefused, or RangeError for a key epoch that is not there */
  openTally(keyEpoch: number, bytes: Uint8Array, bound: TallyBound): Promise<Uint32Array> {
    return this.use(keyEpoch, (scheme) => scheme.openTally(bytes, bound));
  }

  /** For a thread count that has changed. The copy is the caller's to overwrite. */
  exportSecret(keyEpoch: number): Promise<Uint8Array> {
    return this.use(keyEpoch, async (scheme) => scheme.exportSecret());
  }

  /** For readiness: every one of them answers. */
  check(): Promise<void> {
    return this.each(async (scheme) => void (await scheme.encryptSelector(0)));
  }

  /** All of them, one after the other. */
  async each(work: (scheme: SecretScheme) => Promise<void>): Promise<void> {
    for (const keyEpoch of this.keyEpochs) await this.use(keyEpoch, work);
  }

  /** Ends all of them at once: calls under way are refused. */
  async close(): Promise<void> {
    const all = [...this.held.values()];
    this.held.clear();
    await Promise.all(all.map(({ scheme }) => scheme.close()));
  }

  private async byEpoch<I extends { readonly keyEpoch: number }, O>(
    items: readonly I[],
    work: (scheme: SecretScheme, own: readonly I[]) => Promise<readonly O[]>,
  ): Promise<O[]> {
    const epochs = [...new Set(items.map(({ keyEpoch }) => keyEpoch))];
    const done = await Promise.all(
      epochs.map(async (keyEpoch) => {
        const own = items.filter((item) => item.keyEpoch === keyEpoch);
        return [keyEpoch, (await this.use(keyEpoch, (scheme) => work(scheme, own))).values()] as const;
      }),
    );
    const results = new Map(done);
    return items.map(({ keyEpoch }) => results.get(keyEpoch)!.next().value as O);
  }

  private async use<T>(keyEpoch: number, work: (scheme: SecretScheme) => Promise<T>): Promise<T> {
    const held = this.held.get(keyEpoch);
    if (!held) throw new RangeError('no such key epoch');
    held.uses += 1;
    try {
      return await work(held.scheme);
    } finally {
      held.uses -= 1;
      if (held.uses === 0) held.retired?.();
    }
  }
}
