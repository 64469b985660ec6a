/**
 * The key holder's log, as operators and auditors read it: leaves as they are hashed, a checkpoint with its cosignatures (C2SP
 * tlog-checkpoint), proof files (C2SP tlog-proof). And the files that pin who witnesses which log. All of it is public.
 */
import { z } from 'zod';

/**
 * Name of a key holder's log: `origin` of its checkpoints and name of the key that signs them. A key holder that begins afresh from a
 * restored or unknown state, its second generation and those after it, begins another log with the same key.
 */
export const auditOrigin = (keyHolderId: string, generation = 1): string =>
  generation === 1 ? `nymtally/audit/${keyHolderId}` : `nymtally/audit/${keyHolderId}/${generation}`;

/** The generation that an origin names, for logs of the origin `first`; undefined for any other log. */
export function generationIn(origin: string, first: string): number | undefined {
  if (origin === first) return 1;
  const [, digits] = /^\/([1-9]\d{0,3})$/.exec(origin.startsWith(first) ? origin.slice(first.length) : '') ?? [];
  return digits === undefined || digits === '1' ? undefined : Number(digits);
}
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
/** `GET /log-heads` of a log witness: the newest note it has cosigned of each generation of a log. */
export const logHeads = z.strictObject({ heads: z.array(z.string().max(16_384)).max(10_000) });
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
