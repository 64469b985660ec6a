/** One secret of the canary in every spelling it could be hidden in; and where it was found. */
import type { Item } from './item.js';

export interface Needle {
  /** For a reader: `handle`, `salt`. */
  readonly name: string;
  readonly spellings: readonly Buffer[];
}

/** @param value text as it is written, or bytes */
export function needle(name: string, value: string | Uint8Array): Needle {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
  if (bytes.length < 8) throw new RangeError(`${name} is too short to be looked for`);
  const hex = bytes.toString('hex');
  const spellings = [bytes, Buffer.from(hex), Buffer.from(hex.toUpperCase()), Buffer.from([...bytes].join(','))];
  for (let shift = 0; shift < 3; shift++) {
    for (const alphabet of ['base64', 'base64url'] as const) spellings.push(Buffer.from(base64Core(bytes, shift, alphabet)));
  }
  if (typeof value === 'string') spellings.push(Buffer.from(encodeURIComponent(value)), Buffer.from(value.toUpperCase()));
  return { name, spellings };
}

/** The characters of base64 that depend on these bytes alone, when so many bytes stand before them. */
function base64Core(bytes: Buffer, shift: number, alphabet: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(alphabet)
    .replaceAll('=', '');
  const [first, whole] = [[0, 2, 3][shift]!, Math.floor(((shift + bytes.length) * 8) / 6)];
  return text.slice(first, whole);
}

/** Names of the needles that are somewhere in the item. */
export function foundIn({ parts }: Item, needles: readonly Needle[]): string[] {
  const hay = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  return needles
    .filter(({ spellings }) => spellings.some((one) => hay.some((part) => part.includes(one))))
    .map(({ name }) => name);
}
