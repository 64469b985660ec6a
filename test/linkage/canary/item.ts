/**
 * One thing that stands together somewhere: a table's row, a line of a log or of /metrics, a queue's entry, an error's body. All that
 * is in one item can be joined by whoever reads it.
 */
export type Side = 'account' | 'pseudonym' | 'keyholder';

export interface Item {
  readonly side: Side;
  /** For a reader: `registrar.accounts`, `nyms.log`. */
  readonly where: string;
  /** Columns or fields, whole. */
  readonly parts: readonly (string | Buffer)[];
}

/** Everything of a value that may be text or bytes, JSON taken apart. */
export function partsOf(value: unknown): (string | Buffer)[] {
  if (value === null || value === undefined) return [];
  if (Buffer.isBuffer(value)) return [value];
  if (value instanceof Date) return [value.toISOString()];
  if (isBytes(value)) return [Buffer.from(value)];
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, inner]) => [key, ...partsOf(inner)]);
  return [String(value)];
}

/** A Buffer that became JSON. */
const isBytes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length >= 8 && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
