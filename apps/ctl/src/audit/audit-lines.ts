/** Entries of the key holder's log, and what is wrong with a log, in words. Pure. */
import type { AuditLeaf, LogVerdict } from '#audit';
import { isoDay } from '#contracts';

export function auditLine(leaf: AuditLeaf): string {
  const { v: _version, index, type, day, announced, ...details } = leaf as AuditLeaf & { announced?: boolean };
  // sealed for auditors: nothing that anybody reads on a line
  const { salts: _salts, ...shown } = details as typeof details & { salts?: unknown };
  const words = Object.entries(shown).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  const said = announced === true ? `${type} …` : type;
  return [String(index).padStart(6), isoDay(day), said.padEnd(11), words.join(', ')].join('  ').trimEnd();
}

type Broken = Extract<LogVerdict, { isSound: false }>;

const faults: Readonly<Record<Broken['fault'], (at: number) => string>> = {
  gap: (at) => `entry ${at} is missing or out of place`,
  edit: (at) => `the first ${at} entries are not those that were signed`,
  rollback: (at) => `the log ends at ${at}: entries that were signed or seen before are gone`,
  fork: (at) => `two different histories of ${at} entries are signed`,
  checkpoint: () => 'the checkpoint is not signed by the pinned key holder and enough of the pinned log witnesses',
};

export const faultLine = ({ fault, at, soundUpTo }: Broken): string =>
  `✗ ${faults[fault](at)}${soundUpTo > 0 ? `; the first ${soundUpTo} entries are sound` : ''}`;
