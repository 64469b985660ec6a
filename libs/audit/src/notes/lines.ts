/** What the C2SP text formats have in common: lines that end in a newline, decimals without leading zeros, base64 with padding. Pure. */
import { NoteRefused } from './note-refused.js';

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** RFC 4648 §4, exactly as `toBase64` writes it. @throws NoteRefused malformed */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  if (toBase64(bytes) !== text) throw new NoteRefused('malformed');
  return bytes;
}

/** A SHA-256 value. @throws NoteRefused malformed */
export function hashFrom(text: string | undefined): Uint8Array {
  const bytes = fromBase64(text ?? '');
  if (bytes.length !== 32) throw new NoteRefused('malformed');
  return bytes;
}

/** @throws NoteRefused malformed */
export function decimalFrom(text: string | undefined): number {
  const value = /^(0|[1-9]\d{0,15})$/.test(text ?? '') ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw new NoteRefused('malformed');
  return value;
}

/** The lines before the first empty one, and all that stands behind it. @throws NoteRefused malformed */
export function splitAtEmptyLine(text: string): { lines: string[]; rest: string } {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new NoteRefused('malformed');
  return { lines: text.slice(0, end).split('\n'), rest: text.slice(end + 2) };
}
