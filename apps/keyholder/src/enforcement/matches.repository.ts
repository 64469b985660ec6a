/** Who holds positions, for a batch of selectors. */
import type { Transaction } from '../database/writer.js';

export interface Position {
  readonly cohort: number;
  readonly slot: number;
}

/** Same order; undefined where nobody holds the position or its holder has no standing in force. */
export async function handlesAt(transaction: Transaction, positions: readonly Position[]): Promise<(Buffer | undefined)[]> {
  const { rows } = await transaction.query<{ place: string; handle: Buffer }>({
    name: 'match handles',
    text: `SELECT t.place, p.handle FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS t (cohort, slot, place)
      JOIN keyholder.positions p ON p.cohort = t.cohort AND p.slot = t.slot
      JOIN keyholder.standings s ON s.handle = p.handle AND s.force IS NOT NULL`,
    values: [positions.map(({ cohort }) => cohort), positions.map(({ slot }) => slot)],
  });
  const handles = new Array<Buffer | undefined>(positions.length).fill(undefined);
  for (const { place, handle } of rows) handles[Number(place) - 1] = handle;
  return handles;
}
