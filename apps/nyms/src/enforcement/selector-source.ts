/**
 * Selectors of living pseudonyms as frames for the key holder, in random order: all of them for a pass, or those stored since the
 * last one began. Sixteen bytes a selector are held in memory, and one batch of ciphertexts.
 */
import { shuffled } from '#platform';

/** Frames of one request to the key holder. */
const BATCH = 256;

export interface SelectorBatch {
  readonly frames: Uint8Array;
  /** how many selectors are in it */
  readonly selectors: number;
}

/** Where selectors lie. */
export interface SelectorRows {
  /** Ids of all selectors whose pseudonym is neither revoked nor expired. */
  livingIds(): Promise<Uint8Array[]>;
  /** Concatenated frames of these, in the order given; ids that are gone are left out. */
  framesOf(ids: readonly Uint8Array[]): Promise<SelectorBatch>;
}

export class SelectorSource {
  private fresh: Uint8Array[] = [];

  constructor(private readonly rows: SelectorRows) {}

  /** Told after each commit of a mint or renewal, so that a pass under way misses none. */
  noteStored(selectorIds: readonly Uint8Array[]): void {
    this.fresh.push(...selectorIds);
  }

  /** Everything. What is stored while it is read comes with `stored()`. */
  async *all(): AsyncGenerator<SelectorBatch> {
    this.fresh = [];
    yield* this.batches(await this.rows.livingIds());
  }

  /** What was stored since. Forgotten once all of it was taken; a consumer that breaks off gets all of it again. */
  async *stored(): AsyncGenerator<SelectorBatch> {
    const ids = this.fresh;
    this.fresh = [];
    let taken = false;
    try {
      yield* this.batches(ids);
      taken = true;
    } finally {
      if (!taken) this.fresh.push(...ids);
    }
  }

  private async *batches(ids: readonly Uint8Array[]): AsyncGenerator<SelectorBatch> {
    const order = shuffled(ids);
    for (let at = 0; at < order.length; at += BATCH) {
      const batch = await this.rows.framesOf(order.slice(at, at + BATCH));
      if (batch.selectors > 0) yield batch;
    }
  }
}
