/** The key holder's log as its database holds it, checked as an auditor checks it. */
import type pg from 'pg';
import { NoteVerifier, parseLeaf, verifyLog, type AuditLeaf, type LogTrust, type LogVerdict } from '#audit';
import { auditOrigin } from '#contracts';
import type { LogWitness } from '../fakes/log-witness.js';

const present = 'generation = (SELECT generation FROM keyholder.state)';

export interface StoredLog {
  readonly leaves: readonly Uint8Array[];
  readonly checkpoints: readonly string[];
}

/** Of the present generation. */
export async function storedLog(sql: Pick<pg.Client, 'query'>): Promise<StoredLog> {
  // in this order: whatever is cosigned meanwhile is not of these entries yet
  const checkpoints = await sql.query<{ note: string }>(
    `SELECT note FROM keyholder.audit_checkpoints WHERE ${present} ORDER BY size`,
  );
  const entries = await sql.query<{ leaf: Buffer }>(
    `SELECT leaf FROM keyholder.audit_entries WHERE ${present} ORDER BY sequence`,
  );
  return { leaves: entries.rows.map(({ leaf }) => leaf), checkpoints: checkpoints.rows.map(({ note }) => note) };
}

export const trustIn = (pin: { keyHolderId: string; rootKey: Uint8Array }, witness: LogWitness, generation = 1): LogTrust => ({
  log: new NoteVerifier(auditOrigin(pin.keyHolderId, generation), pin.rootKey),
  witnesses: [witness.verifier],
  needed: 1,
});

export const judge = ({ leaves, checkpoints }: StoredLog, trust: LogTrust): Promise<LogVerdict> =>
  verifyLog(leaves, checkpoints, trust);

/** @throws Error when it is not sound */
export async function soundEntries(log: StoredLog, trust: LogTrust): Promise<AuditLeaf[]> {
  const verdict = await judge(log, trust);
  if (!verdict.isSound) throw new Error(`the log is not sound: ${verdict.fault} at ${verdict.at}`);
  return log.leaves.map((leaf) => parseLeaf(leaf) as AuditLeaf);
}
