/** The body of a witness's `add-checkpoint` call (C2SP tlog-witness v1.0.0). Pure. */
import { parseCheckpoint, type Checkpoint } from '../checkpoints/checkpoint.js';
import { decimalFrom, hashFrom, splitAtEmptyLine, toBase64 } from '../notes/lines.js';
import { NoteRefused } from '../notes/note-refused.js';
import { splitNote } from '../notes/signed-note.js';

/** The format allows no more. */
const mostHashes = 63;
/** Type of the body of a 409 answer: the size that the witness has cosigned, and a newline. */
export const sizeMediaType = 'text/x.tlog.size';

export interface AddCheckpoint {
  /** Size that the caller believes the witness has cosigned last; 0 = none. */
  readonly old: number;
  /** PROOF(old, checkpoint.size). */
  readonly proof: readonly Uint8Array[];
  /** Signed note. */
  readonly note: string;
}

/** As read: nothing is verified. */
export interface ReadAddCheckpoint extends AddCheckpoint {
  readonly checkpoint: Checkpoint;
  /** What the log signs, and what is to be cosigned. */
  readonly text: string;
}

export const addCheckpointText = ({ old, proof, note }: AddCheckpoint): string =>
  [`old ${old}`, ...proof.map(toBase64), '', note].join('\n');

/** @throws NoteRefused malformed: answer 400 */
export function parseAddCheckpoint(body: string): ReadAddCheckpoint {
  const { lines, rest: note } = splitAtEmptyLine(body);
  const [first, ...hashes] = lines;
  if (!first?.startsWith('old ') || hashes.length > mostHashes) throw new NoteRefused('malformed');
  const { text } = splitNote(note);
  return {
    old: decimalFrom(first.slice('old '.length)),
    proof: hashes.map(hashFrom),
    note,
    text,
    checkpoint: parseCheckpoint(text),
  };
}

/** The size that a 409 answer names. @throws NoteRefused malformed */
export const parseKnownSize = (body: string): number => decimalFrom(body.endsWith('\n') ? body.slice(0, -1) : undefined);
