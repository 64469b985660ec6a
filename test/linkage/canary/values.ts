/**
 * Values in an item, as bytes, whatever they are written in: text, hex, base64, base64url, a JWT's segments, JSON within text. Two
 * places that hold the same value can be joined on it, so what is compared is the value and never its spelling.
 */
import type { Item } from './item.js';

/** Shorter ones are days, counts and words. */
export const LEAST_BYTES = 8;
/** Text inside text inside text: a JWT in a JSON column. */
const DEPTH = 3;

/** Latin-1 of each value, so that equal bytes are equal strings. What `saysNothing` is left out, with all that it may stand for. */
export function valuesOf({ parts }: Item, saysNothing: (value: string) => boolean = () => false): Set<string> {
  const values = new Set<string>();
  for (const part of parts) collect(part, DEPTH, values, saysNothing);
  return values;
}

function collect(part: string | Buffer, depth: number, values: Set<string>, saysNothing: (value: string) => boolean): void {
  const bytes = typeof part === 'string' ? Buffer.from(part) : part;
  const whole = bytes.toString('latin1');
  if (bytes.length < LEAST_BYTES || saysNothing(whole)) return;
  values.add(whole);
  if (depth === 0 || !isText(bytes)) return;
  for (const list of whole.match(/\d{1,3}(,\d{1,3}){7,}/g) ?? []) values.add(latin1OfList(list)); // a Buffer in JSON
  for (const padded of whole.split(/[^A-Za-z0-9_+/=-]+/)) {
    const word = padded.replace(/^=+|=+$/g, '');
    if (word.length < LEAST_BYTES || saysNothing(word)) continue;
    values.add(word);
    // an address in base64's alphabet: its steps are values, too
    for (const step of word.split('/')) if (step.length >= LEAST_BYTES && !saysNothing(step)) values.add(step);
    for (const decoded of readings(word)) collect(decoded, depth - 1, values, saysNothing);
  }
}

const latin1OfList = (list: string): string => Buffer.from(list.split(',').map(Number)).toString('latin1');

/** What a word may stand for. */
function readings(word: string): Buffer[] {
  const out: Buffer[] = [];
  const hex = word.replace(/^(0x|x)/, '');
  if (/^([0-9a-f]{2})+$/i.test(hex)) out.push(Buffer.from(hex, 'hex'));
  if (/^[A-Za-z0-9_+/-]+=*$/.test(word)) out.push(Buffer.from(word, 'base64')); // reads base64url as well
  return out.filter(({ length }) => length >= LEAST_BYTES);
}

export const isText = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);

/** Every run of LEAST_BYTES bytes: finds an id inside a longer value. */
export function windowsOf(value: string): string[] {
  return Array.from({ length: Math.max(0, value.length - LEAST_BYTES + 1) }, (_, at) => value.slice(at, at + LEAST_BYTES));
}
