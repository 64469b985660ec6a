/**
 * The attacker with the key holder's database alone. It names no pseudonym, so there is no pair of pseudonyms to ask about. Which
 * positions a handle has is there by design ("group sizes of opaque handles", protocol.md §8). What stands for one pseudonym is the
 * spent mark of its ticket, so the question is: was this mark left by this handle? Mark and handle were written by one transaction, a
 * pool of mints, and no closer tie is claimed to be hidden: false pairs take another handle of the same pool.
 */
import type { CohortListSeen, KeyholderSeen, LiveCountSeen, PositionSeen, SpentSeen } from '../dumps/keyholder.js';
import { ranks } from '../dumps/rows.js';
import type { Seen } from '../dumps/rows.js';
import type { Features } from '../attacker/samples.js';
import { differentBits, keyOrder, PairColumns } from './pair-columns.js';
import type { Couples } from './pair-columns.js';

/** @param couples index of a mark and index of a handle, whose rows of the mark's transaction are compared */
export function keyholderFeatures(
  seen: KeyholderSeen,
  marks: readonly SpentSeen[],
  handles: readonly Buffer[],
  couples: Couples,
): Features {
  const columns = new PairColumns(couples);
  const spentPlace = placesInPool(seen.spent);
  const positionPlace = placesInPool(seen.positions);
  const livePlace = placesInPool(seen.liveCounts);
  const positions = byHandle(seen.positions);
  const counts = byHandle(seen.liveCounts);
  const enrolled = new Map(seen.handles.map((row) => [row.handle.toString('hex'), row]));
  const lists = new Map(seen.lists.map((list) => [list.number, list]));
  const position = (mark: number, handle: number) => writtenBy(positions, marks[mark]!, handles[handle]!);
  const live = (mark: number, handle: number) => writtenBy(counts, marks[mark]!, handles[handle]!);
  const when = <Row>(row: Row | undefined, of: (row: Row) => number) => (row ? of(row) : Number.NaN);

  columns.add('position of the pool', (mark, handle) => (position(mark, handle) ? 1 : 0));
  columns.add('count of the pool', (mark, handle) => (live(mark, handle) ? 1 : 0));
  // rows of one transaction in the order of another table's
  columns.add('places, positions', (mark, handle) =>
    when(position(mark, handle), (row) => Math.abs(positionPlace.get(row)! - spentPlace.get(marks[mark]!)!)),
  );
  columns.add('places, counts', (mark, handle) =>
    when(live(mark, handle), (row) => Math.abs(livePlace.get(row)! - spentPlace.get(marks[mark]!)!)),
  );
  columns.add('places from both ends, positions', (mark, handle) =>
    when(position(mark, handle), (row) => positionPlace.get(row)! + spentPlace.get(marks[mark]!)!),
  );
  // values of one row against those of another
  columns.add('end of ticket and position', (mark, handle) =>
    when(position(mark, handle), (row) => row.last_day - marks[mark]!.expiry_day),
  );
  columns.add('end of ticket and count', (mark, handle) =>
    when(live(mark, handle), (row) => row.expiry_day - marks[mark]!.expiry_day),
  );
  columns.add('cohort by the hash alone', (mark, handle) =>
    when(position(mark, handle), (row) => (row.cohort === unkeyedDraw(marks[mark]!, lists) ? 1 : 0)),
  );
  columns.add('slot against place', (mark, handle) => when(position(mark, handle), (row) => row.slot - marks[mark]!.place));
  columns.add('mark and handle bits', (mark, handle) => differentBits(handles[handle]!, marks[mark]!.mark));
  columns.add('mark and handle order', (mark, handle) => Math.abs(keyOrder(marks[mark]!.mark) - keyOrder(handles[handle]!)));
  columns.add('mark and holder key bits', (mark, handle) =>
    when(enrolled.get(handles[handle]!.toString('hex')), (row) => differentBits(row.holder_key, marks[mark]!.mark)),
  );
  columns.add('enrolled and spent place', (mark, handle) =>
    when(enrolled.get(handles[handle]!.toString('hex')), (row) => row.place - marks[mark]!.place),
  );
  return columns.features;
}

/** Rank of each row among those of its transaction. */
function placesInPool<Row extends Seen>(rows: readonly Row[]): Map<Row, number> {
  const out = new Map<Row, number>();
  for (const pool of Map.groupBy(rows, ({ xmin }) => xmin).values()) {
    ranks(pool.map(({ place }) => place)).forEach((rank, at) => out.set(pool[at]!, rank));
  }
  return out;
}

type OfHandle = PositionSeen | LiveCountSeen;

function byHandle<Row extends OfHandle>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ handle }) => handle.toString('hex'));
}

const writtenBy = <Row extends OfHandle>(rows: Map<string, Row[]>, { xmin }: SpentSeen, handle: Buffer): Row | undefined =>
  rows.get(handle.toString('hex'))?.find((row) => row.xmin === xmin);

/** Were the draw made from H(wrapped) without a key, it could be made again by everybody. */
function unkeyedDraw({ wrapped_hash: hash, list }: SpentSeen, lists: ReadonlyMap<number, CohortListSeen>): number | undefined {
  const cohorts = list === null ? undefined : lists.get(list)?.cohorts;
  return hash && cohorts ? cohorts[keyOrder(hash) % cohorts.length] : undefined;
}
