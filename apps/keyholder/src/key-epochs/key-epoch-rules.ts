/** When a key epoch may begin and when its secret may go (protocol.md §2, §3). Pure. */
import type { KeyEpochState } from '#contracts';

/** Secrets at work at once: each takes threads and wasm memory, and a rotation is no way around waiting for the old ones to end. */
export const MOST_AT_WORK = 3;

/** As the database has it. */
export interface KeyEpochRow {
  readonly number: number;
  readonly begunDay: number;
  readonly destroyedDay: number | null;
  readonly cohorts: number;
  /** slots that are somebody's still */
  readonly positions: number;
  /** latest day that a selector at any of them expires; null without one */
  readonly lastDay: number | null;
}

export const newestOf = (rows: readonly Pick<KeyEpochRow, 'number'>[]): number =>
  Math.max(0, ...rows.map(({ number }) => number));

export const mayBegin = (rows: readonly Pick<KeyEpochRow, 'destroyedDay'>[]): boolean =>
  rows.filter(({ destroyedDay }) => destroyedDay === null).length < MOST_AT_WORK;

/** Every slot under it is free again, so no selector of it is valid or in a window any more. Never the one in use. */
export const mayBeDestroyed = (row: KeyEpochRow, newest: number): boolean =>
  row.number < newest && row.destroyedDay === null && row.positions === 0;

/** @param daysUntilFree days after its last selector expired until a slot is free */
export function stateOf(row: KeyEpochRow, newest: number, { today, daysUntilFree }: Today): KeyEpochState {
  const { number, begunDay, destroyedDay, cohorts, positions, lastDay } = row;
  const counts = { number, begunDay, cohorts, positions };
  if (destroyedDay !== null) return { ...counts, state: 'destroyed', destroyedDay };
  if (number === newest) return { ...counts, state: 'in-use' };
  return { ...counts, state: 'winding-down', freeDay: lastDay === null ? today : lastDay + daysUntilFree };
}

interface Today {
  readonly today: number;
  readonly daysUntilFree: number;
}
