/**
 * Proof files (C2SP tlog-proof): everything that shows, offline and for good, that a leaf is in a log whose witnesses have seen it.
 * Kept with the case that the leaf is about. Pure.
 */
import { NoteRefused } from '../notes/note-refused.js';
import { decimalFrom, fromBase64, hashFrom, splitAtEmptyLine, toBase64 } from '../notes/lines.js';
import { isIncluded } from '../trees/proof-checks.js';
import { openCheckpoint, type LogTrust, type OpenedCheckpoint } from './checkpoint.js';

const header = 'c2sp.org/tlog-proof@v1';
/** A path in a tree of 2^63 leaves. */
const mostHashes = 63;

export interface TlogProof {
  /** From 0. */
  readonly index: number;
  /** PATH(index), leaf to root. */
  readonly path: readonly Uint8Array[];
  /** Signed note, with the cosignatures. */
  readonly checkpoint: string;
  /** Not authenticated by anything: never trusted. */
  readonly extra?: Uint8Array;
}

export const proofText = ({ index, path, checkpoint, extra }: TlogProof): string =>
  [header, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...path.map(toBase64), '', checkpoint].join('\n');

/** @throws NoteRefused malformed */
export function parseProof(text: string): TlogProof {
  const { lines, rest } = splitAtEmptyLine(text);
  const [first, ...fields] = lines;
  if (first !== header) throw new NoteRefused('malformed');
  const extra = fields[0]?.startsWith('extra ') ? fromBase64(fields.shift()!.slice('extra '.length)) : undefined;
  const [index, ...path] = fields;
  if (!index?.startsWith('index ') || path.length > mostHashes) throw new NoteRefused('malformed');
  return {
    index: decimalFrom(index.slice('index '.length)),
    path: path.map(hashFrom),
    checkpoint: rest,
    ...(extra ? { extra } : {}),
  };
}

/** Is this leaf, byte for byte, in the log? @throws NoteRefused with what `openCheckpoint` finds, malformed or not-included */
export function verifyProof(leaf: Uint8Array, text: string, trust: LogTrust): OpenedCheckpoint & { readonly index: number } {
  const { index, path, checkpoint } = parseProof(text);
  const opened = openCheckpoint(checkpoint, trust);
  const { size, root } = opened.checkpoint;
  if (!isIncluded(leaf, index, size, path, root)) throw new NoteRefused('not-included');
  return { ...opened, index };
}
