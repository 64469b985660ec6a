/** The key holder's own database as a reader sees it, without its sealed secrets: spent marks here, handles there. */
import { seenRows } from './rows.js';
import type { Seen } from './rows.js';

export interface SpentSeen extends Seen {
  readonly mark: Buffer;
  readonly wrapped_hash: Buffer | null;
  readonly list: number | null;
  readonly period: number | null;
  readonly parity: number | null;
  readonly expiry_day: number;
}
export interface PositionSeen extends Seen {
  readonly cohort: number;
  readonly slot: number;
  readonly handle: Buffer;
  readonly last_day: number;
}
export interface LiveCountSeen extends Seen {
  readonly handle: Buffer;
  readonly expiry_day: number;
  readonly count: number;
}
export interface HandleSeen extends Seen {
  readonly handle: Buffer;
  readonly holder_key: Buffer;
  readonly enrolled_day: number;
}
export interface CohortListSeen extends Seen {
  readonly number: number;
  readonly cohorts: readonly number[];
}

export interface KeyholderSeen {
  readonly spent: readonly SpentSeen[];
  readonly positions: readonly PositionSeen[];
  readonly liveCounts: readonly LiveCountSeen[];
  readonly handles: readonly HandleSeen[];
  readonly lists: readonly CohortListSeen[];
}

export async function seenKeyholder(superUrl: string): Promise<KeyholderSeen> {
  const rows = <Row extends Seen>(table: string) =>
    seenRows<Omit<Row, keyof Seen>>(superUrl, `keyholder.${table}`) as Promise<Row[]>;
  return {
    spent: await rows<SpentSeen>('spent'),
    positions: await rows<PositionSeen>('positions'),
    liveCounts: await rows<LiveCountSeen>('live_counts'),
    handles: await rows<HandleSeen>('handles'),
    lists: await rows<CohortListSeen>('cohort_lists'),
  };
}

/** What dumps of several moments show together: each version of a row once. */
export function seenTogether(dumps: readonly KeyholderSeen[]): KeyholderSeen {
  const union = <Row extends Seen>(of: (dump: KeyholderSeen) => readonly Row[]): Row[] => [
    ...new Map(dumps.flatMap(of).map((row) => [`${row.xmin}/${row.place}`, row])).values(),
  ];
  return {
    spent: union(({ spent }) => spent),
    positions: union(({ positions }) => positions),
    liveCounts: union(({ liveCounts }) => liveCounts),
    handles: union(({ handles }) => handles),
    lists: union(({ lists }) => lists),
  };
}
