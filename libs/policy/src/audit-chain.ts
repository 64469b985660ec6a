/**
 * The key holder's log as an auditor checks it (architecture.md, "auditor"): rows signed by the root key, each over the hash of the one
 * before it. Here because the key holder writes it and `ctl audit` reads it, until the audit library arrives. Pure; rows hold counts and
 * digests, never a subject.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { canonicalBytes, frame, labels, sameBytes, type auditEntry } from '#contracts';
import { verify } from '#platform';

export type AuditEntry = z.output<typeof auditEntry>;

/** `previous` of the first row. */
export const auditStart = new Uint8Array(32);

/** What the root key signs. */
export const auditMessage = ({ sequence, previous, body }: Omit<AuditEntry, 'signature'>): Uint8Array =>
  frame(labels.audit, sequence, previous, canonicalBytes(body));

/** H(row): `previous` of the next. */
export const auditHash = (entry: AuditEntry): Uint8Array =>
  new Uint8Array(
    createHash('sha256')
      .update(frame(auditMessage(entry), entry.signature))
      .digest(),
  );

export interface AuditFault {
  readonly sequence: number;
  readonly fault: 'gap' | 'chain' | 'signature';
}

/**
 * @param after the last row that was checked earlier; without it the rows start with the first.
 * @returns the first row that does not fit, or undefined.
 */
export function verifyAudit(entries: readonly AuditEntry[], rootKey: Uint8Array, after?: AuditEntry): AuditFault | undefined {
  let previous = after;
  for (const entry of entries) {
    const { sequence } = entry;
    if (sequence !== (previous?.sequence ?? 0) + 1) return { sequence, fault: 'gap' };
    if (!sameBytes(entry.previous, previous ? auditHash(previous) : auditStart)) return { sequence, fault: 'chain' };
    if (!verify(rootKey, auditMessage(entry), entry.signature)) return { sequence, fault: 'signature' };
    previous = entry;
  }
  return undefined;
}
