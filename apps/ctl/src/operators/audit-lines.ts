/** Rows of the key holder's log in words. Pure. */
import type { AuditEntry, AuditFault } from '#policy';

/** @param isoDay day number → YYYY-MM-DD */
export function auditLine({ sequence, body }: AuditEntry, isoDay: (day: number) => string): string {
  const { type, day, ...details } = body;
  const words = Object.entries(details).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return [String(sequence).padStart(6), isoDay(day), type.padEnd(9), words.join(', ')].join('  ').trimEnd();
}

const faults: Readonly<Record<AuditFault['fault'], string>> = {
  gap: 'is not the next one: rows are missing',
  chain: 'does not follow from the row before it: the log was changed',
  signature: 'is not signed by the pinned root key',
};

export const faultLine = ({ sequence, fault }: AuditFault): string => `✗ row ${sequence} ${faults[fault]}`;
