/**
 * The key holder's log, as operators and auditors read it: leaves as they are hashed, a checkpoint with its cosignatures (C2SP
 * tlog-checkpoint), proof files (C2SP tlog-proof). And the files that pin who witnesses which log. All of it is public.
 */
import { z } from 'zod';

/** Name of a key holder's log: `origin` of its checkpoints and name of the key that signs them. */
export const auditOrigin = (keyHolderId: string): string => `nymtally/audit/${keyHolderId}`;
/** Name of the key with which a witness cosigns logs. */
export const logWitnessName = (witnessId: string): string => `nymtally/witness/${witnessId}`;

/** Most leaves of one answer. */
export const mostAuditEntries = 1_000;
/** `leaves[i]` is the canonical JSON text of entry `from + i`. */
export const auditEntries = z.strictObject({
  from: z.int().nonnegative(),
  leaves: z.array(z.string()).max(mostAuditEntries),
});
/** The newest that enough witnesses have cosigned. */
export const auditCheckpoint = z.strictObject({ checkpoint: z.string() });
/** An entry, and a tlog-proof file that it is in the log. */
export const auditProof = z.strictObject({ leaf: z.string(), proof: z.string() });

const vkey = z.string().max(512);
/** `WITNESS_LOGS_FILE`: the logs a witness cosigns. */
export const witnessedLogsFile = z.array(z.strictObject({ origin: z.string().min(1).max(255), vkey }));
/** `KEYHOLDER_LOG_WITNESSES_FILE`: who cosigns the key holder's log, and how many must. */
export const logWitnessesFile = z.strictObject({
  needed: z.int().min(1).max(32),
  witnesses: z
    .array(z.strictObject({ vkey, url: z.url({ protocol: /^https?$/ }) }))
    .min(1)
    .max(32),
});
