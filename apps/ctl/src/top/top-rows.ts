/** `ctl top` in numbers: per hub and epoch, what became of its signals. Pure. */
import type { Cell } from '../command/table.js';
import type { NoteOf } from './top-notes.js';

export interface SignalCount {
  readonly hub: string;
  /** Epoch the signal arrived in; undefined while it is open. */
  readonly epoch: number | undefined;
  readonly state: string;
  readonly count: number;
}
export interface RevokedCount {
  readonly hub: string;
  readonly epoch: number | undefined;
  /** Distinct pseudonyms it signalled then that are revoked now. */
  readonly count: number;
}

export const topHead = ['epoch', 'hub', 'accepted', 'held', 'rejected', 'retracted', 'ignored', 'suspended', 'note'] as const;

/** `accepted` counts or will count; `suspended` = pseudonyms signalled then whose account was suspended. Newest epoch first. */
export function topRows(
  signals: readonly SignalCount[],
  revoked: readonly RevokedCount[],
  note: NoteOf,
): readonly (readonly Cell[])[] {
  const keyOf = ({ hub, epoch }: { hub: string; epoch: number | undefined }) => `${epoch ?? ''} ${hub}`;
  const places = new Map(signals.map((row) => [keyOf(row), row]));
  const sum = (key: string, ...states: string[]) =>
    signals.filter((row) => keyOf(row) === key && states.includes(row.state)).reduce((total, { count }) => total + count, 0);
  return [...places]
    .sort(([, a], [, b]) => (b.epoch ?? Infinity) - (a.epoch ?? Infinity) || a.hub.localeCompare(b.hub))
    .map(([key, { hub, epoch }]) => [
      epoch ?? 'open',
      hub,
      sum(key, 'received', 'counted', 'applied'),
      sum(key, 'held'),
      sum(key, 'rejected'),
      sum(key, 'retracted'),
      sum(key, 'ignored'),
      revoked.find((row) => keyOf(row) === key)?.count ?? 0,
      note(hub, epoch),
    ]);
}
