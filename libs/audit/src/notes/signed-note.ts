/**
 * Signed notes (C2SP signed-note v1.0.0): a text, an empty line, and one line per signature. Lines of keys that we do not know say
 * nothing; a line under a key that we know must be right, or the whole note is refused. Pure.
 */
import { concat, utf8 } from '#contracts';
import { fromBase64, toBase64 } from './lines.js';
import { cosignedAt, cosignedMessage, isKeyName, keyId, timestamped, type NoteSigner, type NoteVerifier } from './note-key.js';
import { NoteRefused } from './note-refused.js';

/** The format asks for 16 at least. */
const mostSignatures = 100;
const mostCharacters = 256 * 1024;
const linePattern = /^\u2014 (\S+) ([A-Za-z0-9+/=]+)$/u;

/** One signature that was verified. */
export interface NoteSignature {
  readonly verifier: NoteVerifier;
  /** The whole line, with its newline. */
  readonly line: string;
  /** POSIX seconds, from a cosigner. */
  readonly seconds?: number;
}

export interface OpenedNote {
  /** With its last newline. */
  readonly text: string;
  /** One at least, in the order of the note. */
  readonly signatures: readonly NoteSignature[];
}

/** @throws RangeError for a text that cannot stand in a note */
export function signNote(text: string, ...signers: readonly NoteSigner[]): string {
  if (!isNoteText(text)) throw new RangeError('a note has lines of text, each with its newline');
  return `${text}\n${signers.map((signer) => signatureLine(signer, 'signature', signer.key.sign(utf8(text)))).join('')}`;
}

/** A cosigner's line over the text of a checkpoint; append it to the note. @param seconds POSIX time */
export const cosign = (text: string, signer: NoteSigner, seconds: number): string =>
  signatureLine(signer, 'cosignature', timestamped(seconds, signer.key.sign(cosignedMessage(text, seconds))));

const signatureLine = ({ name, key }: NoteSigner, kind: 'signature' | 'cosignature', signature: Uint8Array): string => {
  if (!isKeyName(name)) throw new RangeError('a key name has no blanks and no plus sign');
  return `\u2014 ${name} ${toBase64(concat(keyId(name, key.publicKey, kind), signature))}\n`;
};

/** @throws NoteRefused malformed, signature, unsigned */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, lines } = splitNote(note);
  const signatures = lines.flatMap((line) => readLine(line, text, verifiers) ?? []);
  if (signatures.length === 0) throw new NoteRefused('unsigned');
  return { text, signatures };
}

/** @returns when it was made, in POSIX seconds. @throws NoteRefused malformed, signature, unsigned */
export function verifyCosignature(text: string, line: string, verifier: NoteVerifier): number {
  const signature = readLine(line.replace(/\n$/, ''), text, [verifier]);
  if (signature?.seconds === undefined) throw new NoteRefused('unsigned');
  return signature.seconds;
}

/** Text and signature lines, nothing verified. @throws NoteRefused malformed */
export function splitNote(note: string): { text: string; lines: string[] } {
  const end = note.lastIndexOf('\n\n');
  const lines = note.slice(end + 2).split('\n');
  if (end < 0 || note.length > mostCharacters || lines.pop() !== '' || lines.length === 0 || lines.length > mostSignatures)
    throw new NoteRefused('malformed');
  const text = note.slice(0, end + 1);
  if (!isNoteText(text)) throw new NoteRefused('malformed');
  return { text, lines };
}

function readLine(line: string, text: string, verifiers: readonly NoteVerifier[]): NoteSignature | undefined {
  const [, name = '', encoded = ''] = linePattern.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes.length < 5) throw new NoteRefused('malformed');
  const id = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const verifier = verifiers.find((known) => known.name === name && known.id === id);
  if (!verifier) return undefined;
  const signature = bytes.subarray(4);
  if (!verifier.verify(text, signature)) throw new NoteRefused('signature');
  const seconds = verifier.kind === 'cosignature' ? cosignedAt(signature) : undefined;
  return { verifier, line: `${line}\n`, ...(seconds === undefined ? {} : { seconds }) };
}

/** No control characters but the newline, valid as UTF-8, complete lines. */
const isNoteText = (text: string): boolean =>
  text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
