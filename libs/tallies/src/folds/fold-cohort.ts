/**
 * The fold of one cohort: every selector is read, verified and added with its totals, each hub's sum comes out (protocol.md §5).
 * Reads one batch while the worker adds the one before; nothing else of the cohort's ciphertexts is in memory.
 */
import { CiphertextRefused, WorkerLost, type EvaluationScheme, type Fold, type FoldTerm } from '#he';
import { toText } from '../digest.js';
import type { Tally } from '../trees/leaf.js';
import { sha256 } from '#audit';
import { selectorsAtOnce, type FoldMemory } from './fold-memory.js';
import type { SelectorHead } from '../selectors/selector-choice.js';
import type { SelectorsRepository } from '../selectors/selectors.repository.js';
import type { HubTotal } from '../totals/side-totals.js';
import type { RefusedSelector, StoredSelector, VerifiedSelectors } from '../selectors/verified-selectors.js';

export interface FoldTools {
  readonly scheme: EvaluationScheme;
  readonly selectors: SelectorsRepository;
  readonly verified: VerifiedSelectors;
}

/** A selector and what it is multiplied with, per hub. */
export interface Share {
  readonly head: SelectorHead;
  readonly totals: readonly HubTotal[];
}

export interface FoldedCohort {
  /** Hubs ascending, with their ciphertexts. */
  readonly sums: ReadonlyArray<{ readonly tally: Tally; readonly ciphertext: Uint8Array }>;
  readonly folded: readonly SelectorHead[];
  readonly refused: readonly Refusal[];
}
/** `gone`: removed or changed between the choice and the fold. `bytes`: signed, but no ciphertext of the parameter set. */
export type Refusal = RefusedSelector | 'gone' | 'bytes';

/** Workers that may be lost before the fold gives up. */
const attempts = 3;

/**
 * @param shares of one cohort and one key epoch. @param hubs in ascending order; a fold term carries the place in it.
 * @param memory of nobody else until this is done
 */
export async function foldCohort(
  tools: FoldTools,
  shares: readonly Share[],
  hubs: readonly string[],
  memory: FoldMemory,
): Promise<FoldedCohort> {
  for (let attempt = 1; ; attempt++) {
    const fold = await tools.scheme.openFold();
    try {
      return await new CohortFold(tools, fold, hubs, memory).run(shares);
    } catch (error) {
      await fold.abandon();
      if (!(error instanceof WorkerLost) || attempt === attempts) throw error;
    }
  }
}

interface Checked {
  readonly share: Share;
  readonly bytes: Uint8Array;
}

class CohortFold {
  readonly #folded: Share[] = [];
  readonly #refused: Refusal[] = [];
  readonly #place: ReadonlyMap<string, number>;

  constructor(
    private readonly tools: FoldTools,
    private readonly fold: Fold,
    private readonly hubs: readonly string[],
    private readonly memory: FoldMemory,
  ) {
    this.#place = new Map(hubs.map((hub, place) => [hub, place]));
  }

  async run(shares: readonly Share[]): Promise<FoldedCohort> {
    let adding: Promise<void> = Promise.resolve();
    for (let at = 0; at < shares.length; at += selectorsAtOnce) {
      const batch = await this.#read(shares.slice(at, at + selectorsAtOnce));
      await adding;
      adding = this.#add(batch); // copies the batch at once: the next one may land
      adding.catch(() => undefined); // awaited in the next round
    }
    await adding;
    const sums = await this.fold.finish();
    return { sums: this.#tallies(sums), folded: this.#folded.map(({ head }) => head), refused: this.#refused };
  }

  async #read(shares: readonly Share[]): Promise<Checked[]> {
    const ids = shares.map(({ head }) => head.selectorId);
    const rows = await this.tools.selectors.read(ids, this.memory.landing);
    const byUri = new Map(rows.map((row) => [row.uri, row]));
    const found = shares.map((share) => ({ share, row: rowOf(share.head, byUri.get(share.head.uri)) }));
    const faults = await Promise.all(found.map(async ({ row }) => (row ? this.tools.verified.faultOf(row) : 'gone')));
    return found.flatMap(({ share, row }, i) => {
      const fault = faults[i];
      return fault || !row ? this.#refuse(fault ?? 'gone') : { share, bytes: row.bytes };
    });
  }

  /** The worker takes a batch whole or not at all: what it refuses is left out, and the rest goes in again. */
  async #add(batch: readonly Checked[]): Promise<void> {
    const rest = batch.map(({ share }) => share);
    this.memory.put(batch.map(({ bytes }) => bytes));
    while (rest.length > 0) {
      try {
        await this.fold.add({ selectors: this.memory.first(rest.length), terms: rest.map((share) => this.#terms(share)) });
        for (const share of rest) this.#folded.push(share);
        return;
      } catch (error) {
        if (!(error instanceof CiphertextRefused) || error.at === undefined) throw error;
        rest.splice(error.at, 1);
        this.memory.leaveOut(error.at);
        this.#refuse('bytes');
      }
    }
  }

  #terms({ totals }: Share): FoldTerm[] {
    return totals.map(({ hub, total }) => ({ hub: this.#place.get(hub) as number, weight: total }));
  }

  #refuse(reason: Refusal): [] {
    this.#refused.push(reason);
    return [];
  }

  #tallies(sums: ReadonlyMap<number, Uint8Array>): FoldedCohort['sums'] {
    const [any] = this.#folded;
    if (!any) return [];
    const { cohort, keyEpoch } = any.head;
    const counts = new Map<string, { pseudonyms: number; weightSum: number; squareSum: number }>();
    for (const { hub, total } of this.#folded.flatMap(({ totals }) => totals)) {
      const { pseudonyms, weightSum, squareSum } = counts.get(hub) ?? { pseudonyms: 0, weightSum: 0, squareSum: 0 };
      counts.set(hub, { pseudonyms: pseudonyms + 1, weightSum: weightSum + total, squareSum: squareSum + total ** 2 });
    }
    return [...sums].map(([place, ciphertext]) => {
      const hub = this.hubs[place] as string;
      const count = counts.get(hub) as { pseudonyms: number; weightSum: number; squareSum: number };
      return { tally: { cohort, keyEpoch, hub, ...count, ciphertext: toText(sha256(ciphertext)) }, ciphertext };
    });
  }
}

/** The row, if it is still the one that was chosen. */
function rowOf(
  { selectorId, cohort, keyEpoch, period, expiryDay }: SelectorHead,
  row: StoredSelector | undefined,
): StoredSelector | undefined {
  const isSame =
    row !== undefined &&
    Buffer.from(row.selectorId).toString('hex') === selectorId &&
    row.cohort === cohort &&
    row.keyEpoch === keyEpoch &&
    row.period === period &&
    row.expiryDay === expiryDay;
  return isSame ? row : undefined;
}
