/**
 * The cohorts as they stand: which are open, which slots are free, which lists mints drew from. Loaded from the database by the only
 * process that writes it, changed together with it; whoever fails to commit throws the book away and loads it again. A cohort belongs to one
 * key epoch for good: when a newer one has begun, loading closes what is open of the older and opens a block of the newer.
 */
import { blockToOpen, isRunningLow, mayReopen } from './cohort-rules.js';
import type { CohortList, CohortSizes } from './cohort-rules.js';
import { SlotMap } from './slot-map.js';

export interface CohortRows {
  /** the newest: the only one whose cohorts are open */
  readonly keyEpoch: number;
  readonly cohorts: readonly { readonly cohort: number; readonly keyEpoch: number; readonly open: boolean }[];
  readonly taken: readonly { readonly cohort: number; readonly slot: number }[];
  /** ascending by number; the newest is the one in use */
  readonly lists: readonly CohortList[];
}

/** What must be written for the database to follow. */
export interface CohortChanges {
  readonly opened: readonly number[];
  readonly reopened: readonly number[];
  readonly closed: readonly number[];
  readonly lists: readonly CohortList[];
}

export class CohortBook {
  /** Free slots, of the cohorts of the newest key epoch: nobody gets a slot in another. */
  private readonly maps = new Map<number, SlotMap>();
  private readonly epochs = new Map<number, number>();
  /** No number is given twice, whatever became of its cohort. */
  private next: number;
  private readonly open = new Set<number>();
  private readonly lists = new Map<number, CohortList>();
  private latest: CohortList;
  private changes = noChanges();
  /** Key epoch of every cohort that is open. */
  readonly keyEpoch: number;

  constructor(
    private readonly sizes: CohortSizes,
    rows: CohortRows,
  ) {
    this.next = sizes.first;
    this.keyEpoch = rows.keyEpoch;
    for (const { cohort, keyEpoch, open } of rows.cohorts) {
      this.epochs.set(cohort, keyEpoch);
      this.next = Math.max(this.next, cohort + 1);
      if (keyEpoch === this.keyEpoch) this.maps.set(cohort, new SlotMap(sizes.slots));
      if (!open) continue;
      if (keyEpoch === this.keyEpoch && cohort >= sizes.first) this.open.add(cohort);
      else this.changes.closed.push(cohort);
    }
    for (const { cohort, slot } of rows.taken) this.maps.get(cohort)?.take(slot);
    for (const list of rows.lists) this.lists.set(list.number, list);
    this.latest = rows.lists.at(-1) ?? { number: 0, cohorts: [] };
    this.openWhatIsMissing();
  }

  /** The list to draw from now. */
  get list(): CohortList {
    return this.latest;
  }

  /** @throws RangeError for a cohort that does not exist */
  keyEpochOf(cohort: number): number {
    const keyEpoch = this.epochs.get(cohort);
    if (keyEpoch === undefined) throw new RangeError('no such cohort');
    return keyEpoch;
  }

  /** An earlier list, for a retry. */
  listOf(number: number): CohortList | undefined {
    return this.lists.get(number);
  }

  get size(): { readonly cohorts: number; readonly open: number } {
    return { cohorts: this.epochs.size, open: this.open.size };
  }

  /** A random free slot of an open cohort. Closes the cohort when it runs low, and opens a block when too few are open. */
  takeFreeSlot(cohort: number): number {
    const map = this.maps.get(cohort);
    if (!map) throw new RangeError('no such cohort');
    const slot = map.takeFree();
    if (this.open.has(cohort) && isRunningLow(map.free, this.sizes)) {
      this.open.delete(cohort);
      this.changes.closed.push(cohort);
      this.listAgain();
      this.openWhatIsMissing();
    }
    return slot;
  }

  /** Slots that nobody's selectors use any more. Closed cohorts with room enough open again, all at once. */
  release(slots: readonly { readonly cohort: number; readonly slot: number }[]): void {
    for (const { cohort, slot } of slots) this.maps.get(cohort)?.release(slot);
    const reopened = [...this.maps].filter(
      ([cohort, map]) => cohort >= this.sizes.first && !this.open.has(cohort) && mayReopen(map.free, this.sizes),
    );
    if (reopened.length === 0) return;
    for (const [cohort] of reopened) this.open.add(cohort);
    this.changes.reopened.push(...reopened.map(([cohort]) => cohort));
    this.listAgain();
  }

  /** What has changed since the last call. */
  takeChanges(): CohortChanges {
    const changes = this.changes;
    this.changes = noChanges();
    return changes;
  }

  private openWhatIsMissing(): void {
    const block = blockToOpen(this.open.size, this.epochs.size, this.sizes);
    if (block === 0) return;
    for (let i = 0; i < block; i++) {
      const cohort = this.next++;
      this.epochs.set(cohort, this.keyEpoch);
      this.maps.set(cohort, new SlotMap(this.sizes.slots));
      this.open.add(cohort);
      this.changes.opened.push(cohort);
    }
    this.listAgain();
  }

  private listAgain(): void {
    this.latest = { number: this.latest.number + 1, cohorts: [...this.open].sort((a, b) => a - b) };
    this.lists.set(this.latest.number, this.latest);
    this.changes.lists.push(this.latest);
  }
}

const noChanges = () => ({ opened: [] as number[], reopened: [] as number[], closed: [] as number[], lists: [] as CohortList[] });
