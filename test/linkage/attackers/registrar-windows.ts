/**
 * Which accounts' rows were written just before a pseudonym's row was: by the number of the transaction, which the two sides share
 * only when they share a cluster (`raw`), and by the place in the order of writes, which needs no common number (`aligned`).
 * The accounts near both pseudonyms of a pair, and their ticket counters, are what the registrar's database adds to a guess.
 */
import { seenWrites } from '../dumps/registrar.js';
import type { AccountSeen } from '../dumps/registrar.js';
import { keyOrder } from './pair-columns.js';
import type { PairColumns } from './pair-columns.js';

/** How many writes back a window goes. A pool of mints is written up to a few dozen tickets after the first of them was taken. */
const WINDOWS = [4, 16, 64] as const;

export function registrarColumns(
  columns: PairColumns,
  xmins: readonly number[],
  dumps: ReadonlyArray<readonly AccountSeen[]>,
): void {
  const writes = seenWrites(dumps);
  const mints = [...xmins].sort((a, b) => a - b);
  const perMint = writes.length / mints.length;
  const times = writes.map(({ xmin }) => xmin);
  describe(
    columns,
    'raw',
    writes,
    xmins.map((xmin) => below(times, xmin)),
    xmins,
  );
  describe(
    columns,
    'aligned',
    writes,
    xmins.map((xmin) => Math.round(below(mints, xmin) * perMint)),
    undefined,
  );
}

/** @param ends for each pseudonym, how many writes came before it */
function describe(
  columns: PairColumns,
  kind: string,
  writes: readonly AccountSeen[],
  ends: readonly number[],
  xmins: readonly number[] | undefined,
): void {
  for (const size of WINDOWS) {
    const near = ends.map((end) => new Set(writes.slice(Math.max(0, end - size), end).map(({ subject }) => subject)));
    columns.add(`${kind} accounts near both, ${size} writes`, (one, other) => shared(near[one]!, near[other]!));
  }
  const nearest = ends.map((end) => writes[Math.min(Math.max(end, 1), writes.length) - 1]);
  const counter = (of: (row: AccountSeen) => number) => nearest.map((row) => (row ? of(row) : Number.NaN));
  columns.extremes(
    `${kind} tickets today`,
    counter((row) => row.tickets_today),
  );
  columns.extremes(
    `${kind} tickets in period`,
    counter((row) => row.tickets_in_period),
  );
  columns.equality(
    `${kind} ticket day`,
    counter((row) => row.ticket_day),
  );
  columns.equality(
    `${kind} ticket period`,
    counter((row) => row.ticket_period),
  );
  columns.distance(
    `${kind} place of account`,
    counter((row) => row.place),
  );
  columns.distance(
    `${kind} mark order`,
    counter((row) => (row.email_mark ? keyOrder(row.email_mark) : Number.NaN)),
  );
  if (xmins)
    columns.extremes(
      `${kind} gap`,
      nearest.map((row, at) => (row ? xmins[at]! - row.xmin : Number.NaN)),
    );
}

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let count = 0;
  for (const account of one) if (other.has(account)) count += 1;
  return count;
}

/** How many of the ascending numbers are below a value. */
function below(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
