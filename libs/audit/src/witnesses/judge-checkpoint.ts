/**
 * What a witness answers to `add-checkpoint` (C2SP tlog-witness v1.0.0), as a pure rule: it cosigns a checkpoint only when that is the
 * last one it has cosigned with leaves added at the end. Whoever calls keeps reading the head, judging and storing the new head in one
 * turn per log, and stores before it answers.
 */
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import { NoteRefused } from '../notes/note-refused.js';
import type { NoteVerifier } from '../notes/note-key.js';
import { openNote } from '../notes/signed-note.js';
import { emptyRoot } from '../trees/hashing.js';
import { isConsistent } from '../trees/proof-checks.js';
import type { ReadAddCheckpoint } from './add-checkpoint.js';

/** Size and root that were cosigned last. */
export type WitnessedHead = Pick<Checkpoint, 'size' | 'root'>;

export type WitnessAnswer =
  /** Store `head`, then answer `cosign(text, …)`. */
  | { readonly answer: 200; readonly head: WitnessedHead; readonly text: string }
  /** 400: old is beyond the checkpoint; 403: not signed by the log; 404: unknown log; 422: not the same history. */
  | { readonly answer: 400 | 403 | 404 | 422 }
  /** The caller has another head in mind: this is ours. */
  | { readonly answer: 409; readonly size: number };

/**
 * @param head undefined while nothing of this log was cosigned.
 * @param log the key that is trusted for the request's origin; undefined for an unknown log.
 */
export function judgeAddCheckpoint(
  head: WitnessedHead | undefined,
  request: ReadAddCheckpoint,
  log: NoteVerifier | undefined,
): WitnessAnswer {
  const { old, proof, note, text, checkpoint } = request;
  if (!log) return { answer: 404 };
  if (!isSignedBy(note, log)) return { answer: 403 };
  if (old > checkpoint.size) return { answer: 400 };
  const last = head ?? { size: 0, root: emptyRoot() };
  if (old !== last.size) return { answer: 409, size: last.size };
  const { size, root } = checkpoint;
  return isConsistent(last.size, size, proof, last.root, root) ? { answer: 200, head: { size, root }, text } : { answer: 422 };
}

function isSignedBy(note: string, log: NoteVerifier): boolean {
  try {
    openNote(note, [log]);
    return true;
  } catch (error) {
    if (error instanceof NoteRefused) return false;
    throw error;
  }
}
