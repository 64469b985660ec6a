/**
 * Checkpoints of a log (C2SP tlog-checkpoint v1.0.0): a signed note that says how many leaves the tree has and what its root is. A log
 * never signs two that do not go together; witnesses cosign only what goes together with what they have seen. Pure.
 */
import { NoteRefused } from '../notes/note-refused.js';
import { decimalFrom, hashFrom, toBase64 } from '../notes/lines.js';
import type { NoteVerifier } from '../notes/note-key.js';
import { openNote } from '../notes/signed-note.js';

export interface Checkpoint {
  /** Name of the log. */
  readonly origin: string;
  readonly size: number;
  /** RFC 9162 root, 32 bytes. */
  readonly root: Uint8Array;
}

/** Whose word is taken, from configuration. */
export interface LogTrust {
  /** The log's own key; its name is the origin. */
  readonly log: NoteVerifier;
  readonly witnesses: readonly NoteVerifier[];
  /** How many of the witnesses must have cosigned. */
  readonly needed: number;
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** What was signed. */
  readonly text: string;
  /** One for each witness that cosigned. */
  readonly cosignatures: ReadonlyArray<{ readonly witness: string; readonly seconds: number }>;
}

/** The text to sign. @throws RangeError for an empty origin, a size that is none, a root of another length */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (origin === '' || /\n/.test(origin)) throw new RangeError('an origin is one line of text');
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== 32) throw new RangeError('not a tree');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Lines behind the root are opaque and allowed; they are signed and say nothing to us. @throws NoteRefused malformed */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size, root, ...extensions] = text.split('\n');
  if (origin === '' || extensions.pop() !== '' || extensions.includes('')) throw new NoteRefused('malformed');
  return { origin, size: decimalFrom(size), root: hashFrom(root) };
}

/** @throws NoteRefused malformed, signature, unsigned, origin, unwitnessed */
export function openCheckpoint(note: string, { log, witnesses, needed }: LogTrust): OpenedCheckpoint {
  const { text, signatures } = openNote(note, [log, ...witnesses]);
  if (!signatures.some(({ verifier }) => verifier === log)) throw new NoteRefused('unsigned');
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name) throw new NoteRefused('origin');
  const made = new Map(
    signatures.flatMap(({ verifier, seconds }) =>
      seconds === undefined ? [] : [[keyText(verifier), { witness: verifier.name, seconds }] as const],
    ),
  );
  made.delete(keyText(log)); // no log witnesses itself
  if (made.size < needed) throw new NoteRefused('unwitnessed');
  return { checkpoint, text, cosignatures: [...made.values()] };
}

/** One key under two names is one witness. */
const keyText = ({ publicKey }: NoteVerifier): string => toBase64(publicKey);
