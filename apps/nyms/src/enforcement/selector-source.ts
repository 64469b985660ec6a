/**
 * Selectors of living pseudonyms as frames for the key holder, in random order: all of them for a pass, or those stored since the
 * last one began. Sixteen bytes a selector are held in memory, and one batch of ciphertexts.
 */
import { concat } from '#contracts';
import { shuffled } from '#platform';

/** Frames of one request to the key holder. */
const BATCH = 256;
const ID_BYTES = 16;

export interface SelectorBatch {
  readonly frames: Uint8Array;
  /** how many selectors are in it */
  readonly selectors: number;
}

/** Where selectors lie. */
export interface SelectorRows {
  /** Ids behind each other, in an order drawn afresh: the newest selector of each pseudonym that is neither revoked nor expired. */
  livingIds(): Promise<Uint8Array>;
  /** Concatenated frames of these; ids that are gone are left out. */
  framesOf(ids: readonly Uint8Array[]): Promise<SelectorBatch>;
}

export class SelectorSource {
  private fresh: Uint8Array[] = [];

  constructor(private readonly rows: SelectorRows) {}

  /** Told after each commit of a mint or renewal, so that a pass under way misses none. */
  noteStored(selectorId: Uint8Array): void {
    this.fresh.push(Uint8Array.from(selectorId)); // a copy: it may be a view of a whole answer
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
      yield* this.batches(concat(...shuffled(ids)));
      taken = true;
    } finally {
      if (!taken) this.fresh.push(...ids);
    }
  }

  private async *batches(ids: Uint8Array): AsyncGenerator<SelectorBatch> {
    for (let at = 0; at < ids.length; at += BATCH * ID_BYTES) {
      const batch = await this.rows.framesOf(splitIds(ids.subarray(at, at + BATCH * ID_BYTES)));
      if (batch.selectors > 0) yield batch;
    }
  }
}

const splitIds = (ids: Uint8Array): Uint8Array[] =>
  Array.from({ length: ids.length / ID_BYTES }, (_, i) => ids.subarray(i * ID_BYTES, (i + 1) * ID_BYTES));
