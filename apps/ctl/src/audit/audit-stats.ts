/** How often what happened, per month: the numbers of a transparency report. An act counts when the log says that it was completed. Pure. */
import type { AuditLeaf } from '#audit';
import { isoMonth } from '#contracts';

export interface AuditCount {
  /** YYYY-MM */
  readonly month: string;
  /** Type of the entry; of an approved request also its kind. */
  readonly type: string;
  readonly happened: number;
  /** Announced, and then it did not happen. */
  readonly abandoned: number;
  /** Announced, and nothing says yet whether it happened. */
  readonly open: number;
}

type Outcome = 'happened' | 'abandoned' | 'open';

/** @returns by month, then by type */
export function auditStats(leaves: readonly AuditLeaf[]): AuditCount[] {
  const ends = new Map(
    leaves.flatMap(({ type, of }): (readonly [number, Outcome])[] => {
      if (typeof of !== 'number') return [];
      if (type === 'completed') return [[of, 'happened']];
      return type === 'abandoned' ? [[of, 'abandoned']] : [];
    }),
  );
  const counts = new Map<string, { month: string; type: string } & Record<Outcome, number>>();
  for (const leaf of leaves) {
    if (leaf.type === 'completed' || leaf.type === 'abandoned') continue;
    const month = isoMonth(leaf.day);
    const kind = leaf['kind'];
    const type = typeof kind === 'string' ? `${leaf.type} ${kind}` : leaf.type;
    const key = `${month} ${type}`;
    const count = counts.get(key) ?? { month, type, happened: 0, abandoned: 0, open: 0 };
    count[leaf['announced'] === true ? (ends.get(leaf.index) ?? 'open') : 'happened'] += 1;
    counts.set(key, count);
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}
