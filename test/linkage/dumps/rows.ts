/**
 * Tables as a reader of a dump or a stolen disk sees them: every column, where a row lies (`ctid`) and which transaction wrote it
 * (`xmin`). Read as superuser; nothing here knows whose row it is.
 */
import pg from 'pg';

export interface Seen {
  /** Page and line of the row, as one number that rises with the place in the file. */
  readonly place: number;
  readonly page: number;
  /** Transaction that wrote this version of the row. */
  readonly xmin: number;
}

/** Columns named as in the database; ints as numbers, bytea as Buffer. */
export async function seenRows<Columns extends object>(
  superUrl: string,
  table: string,
  only?: { readonly column: string; readonly values: readonly string[] },
): Promise<(Columns & Seen)[]> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Columns & { seen_place: string; seen_xmin: string }>(
      `SELECT ctid::text AS seen_place, xmin::text AS seen_xmin, * FROM ${table}${only ? ` WHERE ${only.column} = ANY($1)` : ''}`,
      only ? [only.values] : [],
    );
    return rows.map(({ seen_place, seen_xmin, ...columns }) => {
      const [page = 0, line = 0] = seen_place.slice(1, -1).split(',').map(Number);
      return { ...(columns as unknown as Columns), place: page * 1_000 + line, page, xmin: Number(seen_xmin) };
    });
  } finally {
    await client.end();
  }
}

/** Rank of each item by a number, ties in the order given. */
export function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  const out = new Array<number>(values.length);
  order.forEach((at, rank) => (out[at] = rank));
  return out;
}
